// Properties on random input: the fast reader and its twin agree, where a text is cut into blocks
// does not matter, and what is written reads as what was read.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "formats/alibaba_2021/alibaba_2021.h"
#include "formats/alibaba_2022/alibaba_2022.h"
#include "formats/csv/naive_csv.h"
#include "formats/testing/decoded_rows.h"

namespace plumbago::formats {
namespace {

// Text of pieces that matter to a CSV reader.
rc::Gen<std::string> CsvText() {
  const auto piece = rc::gen::element<std::string>(",", ",", ",", "\n", "\n", "\r\n", "\"", "\"\"",
                                                   "a", "bc", " ", "\r", "\xEF\xBB\xBF",
                                                   std::string(70, 'x'), std::string(1, '\0'));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& p : pieces) text += p;
                        return text;
                      });
}

rc::Gen<std::string> Field() {
  return rc::gen::weightedOneOf<std::string>(
      {{6, rc::gen::element<std::string>("0.1", "0", "0.1.2", "0.1.300", "17", "3", "-3", "2.0",
                                         "0.5", "rpc", "mc", "http", "ab12", "T_7", "MS_1",
                                         "MS_2_POD_3", std::string(64, 'f'))},
       {2, rc::gen::element<std::string>("", "(?)", "nan", "NAN", "UNKNOWN", "UNAVAILABLE", "USER",
                                         "None", "-0")},
       {1, rc::gen::element<std::string>("\"a,b\"", "\"\"", "\"x\"\"y\"", "\"open", "x\"y", "\r",
                                         "9999999999999", std::string(300, '1'), "1e3", "0.1-ab-0",
                                         "0..1", "\x01\x02")}});
}

// Lines of `columns` random fields, some with one too few or too many; line ends of both kinds, or
// none at the end.
rc::Gen<std::string> Lines(size_t columns) {
  return rc::gen::exec([columns] {
    std::string text;
    const size_t lines = *rc::gen::inRange<size_t>(0, 40);
    for (size_t i = 0; i < lines; ++i) {
      const size_t odd = *rc::gen::inRange<size_t>(0, 12);
      const size_t fields = odd == 0   ? columns - 1
                            : odd == 1 ? columns + 1
                            : odd == 2 ? 0
                                       : columns;
      for (size_t k = 0; k < fields; ++k) text += (k == 0 ? "" : ",") + *Field();
      if (i + 1 < lines || odd != 3) text += odd == 4 ? "\r\n" : "\n";
    }
    return text;
  });
}

// Good rows of either release, so that most of the text is data.
rc::Gen<std::string> GoodLines2021() {
  return rc::gen::exec([] {
    std::string text;
    const auto name = rc::gen::element<std::string>("a", "\"a,b\"", "", "(?)", "nan",
                                                    std::string(64, 'e'), "UNKNOWN");
    for (size_t i = *rc::gen::inRange<size_t>(0, 40); i > 0; --i) {
      text += *rc::gen::element<std::string>("0a0b0c1d15919238193454000e5d37", "T_9", "odd", "0") +
              "," + std::to_string(*rc::gen::inRange(-100, 50'000'000)) + "," +
              *rc::gen::element<std::string>("0", "0.1", "0.1.3343209175", "0.01", "0.1-x-2") +
              "," + *name + "," +
              *rc::gen::element<std::string>("rpc", "mc", "", "odd", "userDefined") + "," + *name +
              "," + *name + "," +
              *rc::gen::element<std::string>("", "0", "-0", "5", "-5", "2.5", "-1e1") + "\n";
    }
    return text;
  });
}

RC_GTEST_PROP(CsvProperties, FastReaderEqualsItsTwin, ()) {
  const std::string text = *CsvText();
  const auto columns = *rc::gen::inRange<uint32_t>(1, 6);
  uint32_t fast_lines = 0;
  uint32_t naive_lines = 0;
  RC_ASSERT(csv::FastRows(text, columns, fast_lines) == csv::NaiveRows(text, columns, naive_lines));
  RC_ASSERT(fast_lines == naive_lines);
}

RC_GTEST_PROP(CsvProperties, PortableScanEqualsTheOther, (const std::string& bytes)) {
  std::string text = bytes + *CsvText();
  const size_t size = text.size();
  text.append(csv::kPadding, ',');
  csv::Delimiters a(size + 1);
  csv::Delimiters b(size + 1);
  a.Scan(std::string_view(text).substr(0, size));
  b.ScanPortably(std::string_view(text).substr(0, size));
  RC_ASSERT(std::vector(a.at(), a.at() + a.size()) == std::vector(b.at(), b.at() + b.size()));
  RC_ASSERT(std::vector(a.line_ends(), a.line_ends() + a.lines()) ==
            std::vector(b.line_ends(), b.line_ends() + b.lines()));
}

void CutsDoNotMatter(const Format& format, const std::string& text) {
  const auto decoder = format.Open(text, "");
  RC_ASSERT(decoder.has_value());
  std::string written;
  testing::Decoded whole = testing::DecodeText(format, **decoder, text, text.size() + 1, &written);
  const testing::Decoded cut =
      testing::DecodeText(format, **decoder, text, *rc::gen::inRange<size_t>(1, 400));
  RC_ASSERT(whole.rows == cut.rows);
  RC_ASSERT(whole.lines == cut.lines);
  RC_ASSERT(whole.malformed == cut.malformed);
  RC_ASSERT(whole.example == cut.example);
  RC_ASSERT(whole.example_line == cut.example_line);
  // Lines, rows and damage add up.
  RC_ASSERT(whole.rows.size() + whole.malformed + whole.too_long <= whole.lines);

  testing::Decoded again =
      testing::DecodeText(format, *format.Open(written, "").value(), written, 1000);
  if (again.malformed != 0) RC_FAIL(again.example + " in\n" + written);
  RC_ASSERT(again.rows.size() == whole.rows.size());
  for (size_t i = 0; i < again.rows.size(); ++i) {
    again.rows[i].line = whole.rows[i].line = 0;
    if (!testing::SameWhenWritten(whole.rows[i], again.rows[i])) {
      RC_FAIL("row " + std::to_string(i) + " of\n" + text + "\nis not that of\n" + written);
    }
  }
}

RC_GTEST_PROP(Alibaba2021Properties, CutsDoNotMatterAndRowsComeBack, ()) {
  CutsDoNotMatter(
      alibaba_2021::Alibaba2021(),
      "traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n" + *Lines(8) + "\n" + *GoodLines2021());
}

RC_GTEST_PROP(Alibaba2022Properties, CutsDoNotMatterAndRowsComeBack, ()) {
  std::string text = *Lines(11);
  for (size_t i = *rc::gen::inRange<size_t>(0, 40); i > 0; --i) {
    text += "\n" + std::to_string(i) + ",T_" + std::to_string(i) + "," + *Field() + ",0.1,rpc," +
            *Field() + "," + *Field() + "," + *Field() + "," + *Field() + "," + *Field() + ",2.0";
  }
  CutsDoNotMatter(
      alibaba_2022::Alibaba2022(),
      "timestamp,traceid,service,rpc_id,rpctype,um,uminstanceid,interface,dm,dminstanceid,rt\n" +
          text);
}

}  // namespace
}  // namespace plumbago::formats
