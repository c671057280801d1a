#include "base/interrupt.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "base/byte_stream.h"
#include "base/output_file.h"
#include "base/test_files.h"

namespace plumbago {
namespace {

// In a process of its own: signals of a test must not reach the others.
template <class Body>
int StatusOf(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(Interrupt, TheFirstSignalSetsTheFlagTheSecondKills) {
  const TemporaryFolder folder;
  const int status = StatusOf([&] {
    HandleInterrupts();
    if (Interrupted()) _exit(10);
    const auto file = *OutputFile::Open(folder.Path("out"));
    raise(SIGINT);
    if (!Interrupted()) _exit(11);
    if (std::filesystem::is_empty(folder.path())) _exit(12);
    raise(SIGINT);
    _exit(13);
  });
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));  // the file that was being written is gone
}

TEST(Interrupt, WritingToAClosedPipeIsNoSignal) {
  const int status = StatusOf([] {
    HandleInterrupts();
    int ends[2];
    if (pipe(ends) != 0) _exit(10);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 11);
  });
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Interrupt, EndsTheWaitForAPipe) {
  const int status = StatusOf([] {
    HandleInterrupts();
    int ends[2];
    if (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0) _exit(10);
    const auto stream = *FileStream::Open("-");
    SetInterrupted(true);
    char byte = 0;
    const Result<size_t> n = stream->Read(&byte, 1);  // nobody ever writes
    _exit(!n && n.error().kind == ErrorKind::kInterrupted ? 0 : 11);
  });
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// SIGINT comes while a read waits, after 50 ms; again 10 s later, which ends a process that hangs.
void InterruptSoon() {
  struct sigaction action{};  // not std::signal: that would start system calls again
  action.sa_handler = [](int) { raise(SIGINT); };
  sigaction(SIGALRM, &action, nullptr);
  const itimerval soon{{10, 0}, {0, 50000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
}

TEST(Interrupt, TheFirstSignalEndsTheWaitForASilentWriter) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  // A pipe without a writer, with a silent one, and standard input.
  for (const int kind : {0, 1, 2}) {
    const int status = StatusOf([&] {
      HandleInterrupts();
      int ends[2];
      if (kind == 1 && open(path.c_str(), O_RDWR) < 0) _exit(9);
      if (kind == 2 && (pipe(ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)) _exit(10);
      const auto begin = std::chrono::steady_clock::now();
      InterruptSoon();
      auto stream = FileStream::Open(kind == 2 ? "-" : path);
      if (!stream) _exit(11);
      char byte = 0;
      const Result<size_t> n = (*stream)->Read(&byte, 1);
      if (n || n.error().kind != ErrorKind::kInterrupted) _exit(12);
      _exit(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5) ? 0 : 13);
    });
    EXPECT_TRUE(WIFEXITED(status)) << kind;
    EXPECT_EQ(WEXITSTATUS(status), 0) << kind;
  }
}

}  // namespace
}  // namespace plumbago
