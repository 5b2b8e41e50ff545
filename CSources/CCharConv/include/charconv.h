#ifndef LOOM_CHARCONV_H
#define LOOM_CHARCONV_H
#include <stddef.h>
#include <stdint.h>
#pragma clang assume_nonnull begin
#ifdef __cplusplus
extern "C" {
#endif

/// Parses all of text[0 ..< count] as a decimal floating-point number, correctly rounded.
///
/// Accepts what std::from_chars accepts in its general format plus one leading '+'. Values beyond
/// the range of double give +-HUGE_VAL or +-0, as strtod does. Returns 1 when the whole text was a
/// number and *value was written, else 0.
int32_t loom_parse_double(const char *_Nullable text, size_t count, double *value);

/// Writes the shortest decimal text that reads back as value; returns how many bytes, at most 24.
size_t loom_format_double(double value, char *text);

#ifdef __cplusplus
}
#endif
#pragma clang assume_nonnull end
#endif
