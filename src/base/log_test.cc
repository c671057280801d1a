#include "base/log.h"

#include <gtest/gtest.h>

namespace plumbago {
namespace {

TEST(Log, IsOneLineWhateverTheTextHolds) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kWarning, "a\nb\x1B[31mc");
  LogError({ErrorKind::kBadInput, "broken", {"f.csv", 3}});
  Log(LogLevel::kDetail, "not shown");
  SetLogLevel(LogLevel::kError);
  Log(LogLevel::kNote, "not shown");
  SetLogLevel(LogLevel::kNote);
  Log(LogLevel::kNote, "note");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "plumbago: warning: a?b?[31mc\nplumbago: error: f.csv:3: broken\nplumbago: note\n");
}

TEST(Log, AMessagePushesTheStatusLineAside) {
  testing::internal::CaptureStderr();
  SetStatusLine("reading  1 %");
  SetStatusLine("reading  1 %");  // no change, nothing written
  Log(LogLevel::kNote, "note");
  SetStatusLine("");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "\r\033[Kreading  1 %\r\033[Kplumbago: note\nreading  1 %\r\033[K");
}

}  // namespace
}  // namespace plumbago
