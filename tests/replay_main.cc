// Feeds a decoder what is known to be hard for it, without libFuzzer: every file of its corpus, every file cut short, and
// damaged copies of each. The damage is drawn with a fixed seed, so a failure comes again. Built under ASan and UBSan by
// `./dev test`: a run that ends is a pass.
//
//   x_replay [--variants N] FILE|FOLDER...
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

namespace fs = std::filesystem;

// On the heap and of the exact size, so that ASan sees a read of one byte too many.
void Feed(const std::string& text) {
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Flips, overwrites, removes or doubles a few short stretches.
std::string Damage(std::string text, std::mt19937& random) {
  static constexpr char kSpecial[] = {',', '\n', '\r', '"', '\0', '-', '.', '0', '\x7f', '\xff', '\xef', '\x80'};
  const unsigned times = 1 + random() % 4;
  for (unsigned i = 0; i < times && !text.empty(); ++i) {
    const size_t at = random() % text.size();
    const size_t length = 1 + random() % std::min<size_t>(16, text.size() - at);
    switch (random() % 4) {
      case 0: text[at] = static_cast<char>(text[at] ^ (1 << random() % 8)); break;
      case 1: text[at] = kSpecial[random() % sizeof kSpecial]; break;
      case 2: text.erase(at, length); break;
      default: text.insert(at, text.substr(at, length)); break;
    }
  }
  return text;
}

void Replay(const fs::path& path, unsigned variants) {
  const std::string text = Read(path);
  Feed(text);
  std::mt19937 random(static_cast<uint32_t>(text.size()) + 1);
  for (unsigned i = 0; i < variants; ++i) {
    Feed(i % 4 == 0 ? text.substr(0, text.empty() ? 0 : random() % text.size()) : Damage(text, random));
  }
}

}  // namespace

int main(int argc, char** argv) {
  unsigned variants = 200;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--variants") == 0 && i + 1 < argc) {
      variants = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
    } else if (fs::is_directory(argv[i])) {
      for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    } else {
      files.emplace_back(argv[i]);
    }
  }
  if (files.empty()) {
    std::fprintf(stderr, "no corpus: give a decoder a few small inputs in tests/corpus/\n");
    return 1;
  }
  Feed("");
  for (const fs::path& file : files) {
    std::fprintf(stderr, "%s\n", file.c_str());
    Replay(file, variants);
  }
  std::fprintf(stderr, "%zu files and %u variants of each\n", files.size(), variants);
  return 0;
}
