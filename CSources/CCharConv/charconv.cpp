#include "charconv.h"

#include <charconv>
#include <cstdlib>
#include <string>

int32_t loom_parse_double(const char *text, size_t count, double *value) {
    if (count > 0 && *text == '+') {
        if (count > 1 && (text[1] == '+' || text[1] == '-')) return 0;
        text += 1;
        count -= 1;
    }
    if (count == 0) return 0;
    const auto result = std::from_chars(text, text + count, *value);
    if (result.ptr != text + count) return 0;
    if (result.ec == std::errc()) return 1;
    if (result.ec != std::errc::result_out_of_range) return 0;
    // Out of range: from_chars does not say whether too large or too small; strtod does. Rare.
    *value = std::strtod(std::string(text, count).c_str(), nullptr);
    return 1;
}

size_t loom_format_double(double value, char *text) {
    return static_cast<size_t>(std::to_chars(text, text + 24, value).ptr - text);
}
