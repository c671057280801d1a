// Resources by the text they were read from: the same one is read, and its names looked up, once a
// block and not once a trace or span. One thread; texts outlive it.
#pragma once

#include <deque>
#include <string_view>
#include <unordered_map>

#include "formats/json/pool.h"
#include "formats/spans/span.h"
#include "model/names.h"

namespace plumbago::formats::json {

class Resources {
 public:
  // nullptr: not read yet.
  const spans::Resource* Find(std::string_view text) const {
    const auto found = known_.find(text);
    return found == known_.end() ? nullptr : found->second;
  }
  // Its views are kept as they are, attributes are copied.
  const spans::Resource* Add(std::string_view text, spans::Resource resource) {
    resource.attributes = attributes_.Copy(resource.attributes);
    resource.known = false;
    return known_[text] = &resources_.emplace_back(resource);
  }

 private:
  struct Hash {
    size_t operator()(std::string_view text) const { return model::NameTable::HashText(text); }
  };
  std::unordered_map<std::string_view, const spans::Resource*, Hash> known_;
  std::deque<spans::Resource> resources_;
  Pool<spans::Attribute> attributes_;
};

}  // namespace plumbago::formats::json
