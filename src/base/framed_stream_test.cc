#include "base/framed_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <thread>

#include "base/archive.h"
#include "base/bytes_at.h"
#include "base/frame_format.h"
#include "base/test_files.h"

namespace plumbago {
namespace {

// A gzip member as bgzip writes it.
std::string BgzfMember(std::string_view text) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string body(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(body.data());
  stream.avail_out = static_cast<uInt>(body.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  body.resize(body.size() - stream.avail_out);
  deflateEnd(&stream);
  const auto number = [](uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
  };
  const std::string head("\x1F\x8B\x08\x04\0\0\0\0\0\xFF\x06\0BC\x02\0", 16);
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  return head + number(head.size() + 2 + body.size() + 8 - 1, 2) + body + number(sum, 4) +
         number(text.size(), 4);
}

std::string Bgzf(std::string_view text, size_t member = 60000) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += member) out += BgzfMember(text.substr(at, member));
  return out + BgzfMember("");
}

// A frame that does not tell the size of its text, behind a skippable frame that tells its own, as
// pzstd writes them.
std::string PzstdFrame(std::string_view text) {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  std::string size(4, '\0');
  for (size_t i = 0; i < 4; ++i) size[i] = static_cast<char>(frame.size() >> (8 * i) & 0xFF);
  return std::string("\x50\x2A\x4D\x18\x04\0\0\0", 8) + size + frame;
}

std::string Pzstd(std::string_view text, size_t frame) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += frame) out += PzstdFrame(text.substr(at, frame));
  return out;
}

Drained Serial(const FrameFormat& format, std::string_view bytes, size_t step) {
  return Drain(*format.Open(std::make_unique<MemoryStream>(bytes), "a"), step);
}

// Read by one thread while `helpers` others decode ahead.
Drained Framed(const FrameFormat& format, std::string_view bytes, size_t step, unsigned helpers,
               size_t memory = 64 << 20, uint64_t* helped = nullptr) {
  MemoryShare share(memory);
  Drained drained;
  {
    const auto ahead =
        std::make_shared<FramesAhead>(std::make_unique<MemoryAt>(bytes), format, share);
    std::atomic<bool> stop{false};
    std::atomic<uint64_t> runs{0};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < helpers; ++i) {
      threads.emplace_back([&] {
        while (!stop) {
          if (ahead->Help()) {
            ++runs;
          } else {
            std::this_thread::yield();
          }
        }
      });
    }
    FramedStream stream(ahead, "a");
    drained = Drain(stream, step);
    stop = true;
    for (std::thread& thread : threads) thread.join();
    if (helped != nullptr) *helped += runs;
  }
  EXPECT_TRUE(share.Take(memory)) << "memory was not given back";
  return drained;
}

// Whatever is helped with beforehand, without threads: `runs` at most.
Drained FramedAfterHelp(const FrameFormat& format, std::string_view bytes, size_t runs) {
  MemoryShare share(64 << 20);
  const auto ahead =
      std::make_shared<FramesAhead>(std::make_unique<MemoryAt>(bytes), format, share);
  for (size_t i = 0; i < runs && ahead->Help(); ++i) {
  }
  FramedStream stream(ahead, "a");
  return Drain(stream, 5000);
}

TEST(FramedStream, GivesTheTextOfEveryContainer) {
  const std::string text = SampleLines(400000);  // 10 MB
  const struct {
    const FrameFormat& format;
    std::string bytes;
  } cases[] = {{ZstdFrames(), Pzstd(text, 700000)},
               {ZstdFrames(), ZstdText(text.substr(0, 3000)) + ZstdText(text.substr(3000))},
               {ZstdFrames(), ZstdText(text)},
               {BgzfMembers(), Bgzf(text)},
               {BgzfMembers(), Bgzf(text.substr(0, 5000)) + GzipText(text.substr(5000))}};
  for (const auto& [format, bytes] : cases) {
    for (const unsigned helpers : {0u, 1u, 3u}) {
      // Also with so little memory that few or none can be decoded ahead.
      for (const size_t memory : {size_t{64} << 20, size_t{3} << 20, size_t{100}}) {
        const Drained drained = Framed(format, bytes, 300000, helpers, memory);
        EXPECT_EQ(drained.error, "");
        EXPECT_TRUE(drained.text == text) << helpers << " helpers, " << memory;
      }
    }
  }
}

TEST(FramedStream, HelpersDecodeWhatTheReaderThenNeedNot) {
  const std::string text = SampleLines(400000);
  for (const FrameFormat* format : {&ZstdFrames(), &BgzfMembers()}) {
    const std::string bytes = format == &ZstdFrames() ? Pzstd(text, 1 << 20) : Bgzf(text);
    MemoryShare share(64 << 20);
    const auto ahead =
        std::make_shared<FramesAhead>(std::make_unique<MemoryAt>(bytes), *format, share);
    size_t runs = 0;
    while (ahead->Help()) ++runs;
    EXPECT_GE(runs, text.size() >> 20);
    for (size_t i = 0; i < runs; ++i) {
      const auto turn = ahead->Next();
      ASSERT_TRUE(turn && turn->text) << i;
    }
  }
}

TEST(FramedStream, ACutAnywhereGivesWhatTheDecoderAloneGives) {
  const std::string text = SampleLines(700);
  for (const FrameFormat* format : {&ZstdFrames(), &BgzfMembers()}) {
    const std::string bytes = format == &ZstdFrames() ? Pzstd(text, 4000) : Bgzf(text, 4000);
    for (size_t size = 0; size <= bytes.size(); size += 1 + size % 3) {
      const std::string_view cut = std::string_view(bytes).substr(0, size);
      const Drained serial = Serial(*format, cut, 5000);
      for (const size_t runs : {0, 3}) {
        const Drained framed = FramedAfterHelp(*format, cut, runs);
        ASSERT_EQ(framed.error, serial.error) << size;
        ASSERT_TRUE(framed.text == serial.text) << size;
      }
    }
  }
}

TEST(FramedStream, ADamagedByteAnywhereGivesWhatTheDecoderAloneGives) {
  // Runs end behind a megabyte, so some of these have several.
  const std::string text = SampleLines(120000);
  for (const FrameFormat* format : {&ZstdFrames(), &BgzfMembers()}) {
    const std::string whole = format == &ZstdFrames() ? Pzstd(text, 500000) : Bgzf(text, 60000);
    for (size_t at = 0; at < whole.size(); at += at < 40 ? 1 : 1 + whole.size() / 60) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
      const Drained serial = Serial(*format, bytes, 5000);
      for (const size_t runs : {0, 1, 9}) {
        const Drained framed = FramedAfterHelp(*format, bytes, runs);
        ASSERT_EQ(framed.error, serial.error) << at;
        ASSERT_TRUE(framed.text == serial.text) << at;
      }
    }
  }
}

TEST(FramedStream, AMemberThatLiesAboutItsSizeIsReadAsItIs) {
  const std::string text = SampleLines(3000);
  const std::string rest = Bgzf(text.substr(30000), 20000);
  for (const int wrong : {-9, -1, 1, 40}) {
    std::string bytes = BgzfMember(text.substr(0, 30000));
    const int size =
        static_cast<unsigned char>(bytes[16]) + 256 * static_cast<unsigned char>(bytes[17]) + wrong;
    bytes[16] = static_cast<char>(size & 0xFF);
    bytes[17] = static_cast<char>(size >> 8);
    bytes += rest;
    for (const size_t runs : {0, 2}) {
      const Drained framed = FramedAfterHelp(BgzfMembers(), bytes, runs);
      EXPECT_EQ(framed.error, "");
      EXPECT_TRUE(framed.text == text) << wrong;
    }
  }
}

TEST(FramedStream, AFrameOfMoreTextThanTheShareIsReadInOrder) {
  const std::string text = SampleLines(100000);
  const std::string bytes = Pzstd(text, text.size()) + Pzstd("end\n", 10);
  EXPECT_FALSE(ZstdFrames().Scan(MemoryAt(bytes), 0, 1 << 20).has_value() &&
               ZstdFrames().Scan(MemoryAt(bytes), 12, 1 << 20).has_value());
  uint64_t helped = 0;
  const Drained drained = Framed(ZstdFrames(), bytes, 4096, 2, 1 << 20, &helped);
  EXPECT_TRUE(drained.text == text + "end\n");
}

TEST(FramedStream, ZerosAndJunkBehindTheLastMember) {
  const std::string text = SampleLines(5000);
  for (const std::string& tail : {std::string(100, '\0'), std::string("junk behind the end")}) {
    const std::string bytes = Bgzf(text) + tail;
    const Drained serial = Serial(BgzfMembers(), bytes, 5000);
    const Drained framed = FramedAfterHelp(BgzfMembers(), bytes, 9);
    EXPECT_EQ(framed.error, serial.error);
    EXPECT_TRUE(framed.text == text);
  }
  EXPECT_NE(Serial(BgzfMembers(), Bgzf(text) + "junk", 5000).error, "");
}

TEST(FramedStream, AnArchiveOfFramesCountsItsBytesAndCanBeHelped) {
  const TemporaryFolder folder;
  const std::string text = SampleLines(200000);
  const std::string tar = TarMember("m", text) + TarEnd();
  const struct {
    std::string bytes;
    bool is_tar;
  } cases[] = {{Pzstd(text, 1 << 20), false},
               {Bgzf(text), false},
               {Pzstd(tar, 1 << 20), true},
               {Bgzf(tar), true}};
  for (const auto& [bytes, is_tar] : cases) {
    MemoryShare share(32 << 20);
    const std::string path = folder.Write("a", bytes);
    const auto archive = *Archive::Open(path, &share);
    ASSERT_NE(archive->ahead(), nullptr);
    EXPECT_EQ(archive->is_tar(), is_tar);
    EXPECT_FALSE(archive->is_plain());
    EXPECT_TRUE(archive->ahead()->Help());
    ASSERT_TRUE(*archive->Next());
    std::string got(text.size() + 100, '\0');
    got.resize(*archive->Read(got.data(), got.size()));
    EXPECT_TRUE(got == text);
    EXPECT_FALSE(*archive->Next());
    EXPECT_EQ(archive->file().bytes_read(), bytes.size());
  }
  MemoryShare share(32 << 20);
  EXPECT_EQ((*Archive::Open(folder.Write("a", GzipText(text)), &share))->ahead(), nullptr);
  EXPECT_EQ((*Archive::Open(folder.Write("a", text), &share))->ahead(), nullptr);
}

}  // namespace
}  // namespace plumbago
