#include "formats/csv_mapped/pattern.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>

namespace plumbago::formats {
namespace {

std::string First(const std::string& expression, const std::string& text) {
  const Result<Pattern> pattern = Pattern::Compile(expression);
  if (!pattern) return "ERROR " + pattern.error().message;
  Pattern::Matcher matcher;
  const auto group = matcher.FirstGroup(*pattern, text);
  return group ? "<" + std::string(*group) + ">" : "no";
}

TEST(Pattern, TakesTheFirstGroupOfAWholeMatch) {
  EXPECT_EQ(First("(.*)-[a-z0-9]{5}", "ts-order-x2x4k"), "<ts-order>");
  EXPECT_EQ(First("^(.*?)-.*$", "a-b-c"), "<a>");
  EXPECT_EQ(First("(.*)-.*", "a-b-c"), "<a-b>");
  EXPECT_EQ(First("(?:pod|vm)\\.(\\w+)", "vm.x_1"), "<x_1>");
  EXPECT_EQ(First("(a)(b)", "ab"), "<a>");
  EXPECT_EQ(First("(a)", "ab"), "no");
  EXPECT_EQ(First("x?(a|ab)(c|bcd)?", "abcd"), "<a>");
  EXPECT_EQ(First("([^/]+)/[\\d-]{2,}", "svc/1-2"), "<svc>");
  EXPECT_EQ(First("([]x]+)", "]x"), "<]x>");
  EXPECT_EQ(First("(a{0})b", "b"), "<>");
  EXPECT_EQ(First("(a|)b", "b"), "<>");
  EXPECT_EQ(First("(\\$)$", "$"), "<$>");
  EXPECT_EQ(First("(a)", std::string(600, 'a')), "no");
}

TEST(Pattern, SaysWhatItDoesNotUnderstand) {
  const auto fault = [](std::string_view expression) {
    const auto pattern = Pattern::Compile(expression);
    return pattern ? "fine"
                   : std::to_string(pattern.error().where.column) + ": " + pattern.error().message;
  };
  EXPECT_EQ(fault("abc"), "4: expected a group ( ) around what is wanted");
  EXPECT_EQ(fault("(a"), "3: expected a ) that closes the group");
  EXPECT_EQ(fault("(a))"), "4: expected nothing after a ) that opens none");
  EXPECT_EQ(fault("(*a)"), "2: expected something before * that it repeats");
  EXPECT_EQ(fault("([a)"), "5: expected a ] that closes the [");
  EXPECT_EQ(fault("([z-a])"), "3: expected a range whose end comes after its begin");
  EXPECT_EQ(fault("(a\\q)"), "4: \\q is not understood (\\d \\w \\s are)");
  EXPECT_EQ(fault("(a{2,1})"), "3: expected a count {m,n} with m <= n <= 1000");
  EXPECT_EQ(fault("(?=a)"), "3: expected ?: (no other (? is understood)");
  EXPECT_NE(fault("(((a{100}){100}){100})").find("too large"), std::string::npos);
  EXPECT_EQ(fault("(a$b)"), "3: expected $ at the end alone");
}

// Backtracking would take longer than the age of the universe.
TEST(Pattern, CostsNoMoreThanItsSizeTimesTheText) {
  EXPECT_EQ(First("((?:a|a)*(?:a|a)*(?:a*)*)b", std::string(500, 'a')), "no");
}

// Against the standard library's backtracking, on expressions that it can do: the piece after a
// star is never empty, groups are not repeated.
class Made {
 public:
  explicit Made(uint32_t seed) : random_(seed) {}
  std::string Piece(int depth) {
    switch (Below(depth > 2 ? 3 : 7)) {
      case 0:
        return "a";
      case 1:
        return "b";
      case 2:
        return Below(2) ? "." : "[^a]";
      case 3:
        return "(?:" + Piece(depth + 1) + "|" + Piece(depth + 1) + ")";
      case 4:
        return "(?:" + Piece(depth + 1) + Piece(depth + 1) + ")" + Often();
      default:
        return std::string(1, static_cast<char>('a' + Below(3))) + Often();
    }
  }
  std::string Expression() {
    std::string text;
    for (int i = Below(3); i > 0; --i) text += Piece(0);
    text += "(";
    for (int i = Below(3); i > 0; --i) text += Piece(0);
    text += ")";
    for (int i = Below(3); i > 0; --i) text += Piece(0);
    return text;
  }
  std::string Text() {
    std::string text;
    for (int i = Below(8); i > 0; --i) text += static_cast<char>('a' + Below(3));
    return text;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  // A piece that is repeated more than once here is never empty: see Piece.
  std::string Often() {
    static const char* const kOften[] = {"", "?", "??", "{2}", "{1,3}", "{1,2}?"};
    return kOften[Below(6)];
  }
  std::mt19937 random_;
};

TEST(Pattern, AnswersAsBacktrackingDoes) {
  Made made(5);
  int matches = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string expression = made.Expression();
    const std::regex oracle(expression);
    for (int j = 0; j < 8; ++j) {
      const std::string text = made.Text();
      std::smatch groups;
      const bool matched = std::regex_match(text, groups, oracle);
      matches += matched;
      EXPECT_EQ(First(expression, text), matched ? "<" + groups[1].str() + ">" : "no")
          << expression << " on " << text;
    }
  }
  EXPECT_GT(matches, 1000);
}

}  // namespace
}  // namespace plumbago::formats
