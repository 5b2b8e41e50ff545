#include "loom_block_private.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// A real column:
//
//   u8    1 where a bitmap follows, else 0
//   u8    1 scaled, 0 bits
//   u8    digits
//   u8    0
//   u16   exceptions
//   u16   0
//   bytes the bitmap: a bit of each tick, set where it holds another value than the usual NaN
//   u16   place of each exception among the present values
//   u64   its bits
//   a series of the present values
//
// Prices and sizes come as decimals of few digits. Of such a column the series holds the whole
// number k of each value, which is k / 10^digits: one division, rounded as IEEE 754 says, the same
// on every processor. A value for which it does not give back every bit (-0, infinities, other
// NaNs, results of arithmetic) is an exception, or, where they are many, the column is its bits.
// (The ask told from the bid was measured: on quotes it takes more, for both mostly stand still.)

enum { HEAD_SIZE = 8, DIGITS_MAX = 9 };

static const uint64_t absent = 0x7ff8000000000000;

static const double powers[DIGITS_MAX + 1] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

// 1.5 * 2^52: below 2^51 in magnitude, a number added to it is rounded to a whole one, which stands
// in the low bits of the sum. No conversion instruction for vectors of 64 bits is needed.
static const double shift = 0x1.8p52;
static const uint64_t shift_bits = 0x4338000000000000;

static inline double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t to_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline uint64_t whole(uint64_t bits, double power) {
    return to_bits(from_bits(bits) * power + shift) - shift_bits;
}

static inline uint64_t unwhole(uint64_t value, double power) {
    return to_bits((from_bits(value + shift_bits) - shift) / power);
}

// 0 where value, made by whole, gives back every bit. The limit keeps out infinities, and NaNs, of
// which arithmetic keeps the payload on some processors only.
static inline uint64_t difference(uint64_t bits, uint64_t value, double power) {
    uint64_t limited = fabs(from_bits(bits) * power) < 0x1p51;
    return (unwhole(value, power) ^ bits) | (limited ^ 1);
}

static bool is_decimal(uint64_t bits, uint32_t digits) {
    double power = powers[digits];
    return difference(bits, whole(bits, power), power) == 0;
}

static uint32_t count_present(const uint64_t *bits, uint32_t count) {
    uint32_t present = 0;
    for (uint32_t i = 0; i < count; i++) present += bits[i] != absent;
    return present;
}

static void gather_present(
    loom_real *column, const uint64_t *bits, uint32_t count, const loom_runs *runs) {
    memset(column->bitmap, 0, sizeof column->bitmap);
    uint32_t at = 0, run = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (runs->start[run] == i) column->runs.start[run++] = (uint16_t)at;
        uint32_t bit = bits[i] != absent;
        column->bitmap[i / 8] |= (uint8_t)(bit << i % 8);
        column->bits[at] = bits[i];
        at += bit;
    }
    column->runs.start[runs->count] = (uint16_t)at;
    column->runs.count = runs->count;
}

// Makes runs, bits and bitmap of those present.
static void prepare(
    loom_real *column, const uint64_t *bits, uint32_t count, const loom_runs *runs) {
    column->present = count_present(bits, count);
    column->bitmapped = column->present != count && column->present != 0;
    if (column->present == 0) column->present = count;
    if (column->bitmapped) {
        gather_present(column, bits, count, runs);
        return;
    }
    memcpy(column->bits, bits, count * sizeof *bits);
    column->runs.count = runs->count;
    memcpy(column->runs.start, runs->start, (runs->count + 1) * sizeof *runs->start);
}

// Notes value i as an exception; false where there are too many of them to be exceptions.
static bool except(loom_real *column, uint32_t i) {
    if (column->exceptions >= 8 + i / 8) return false;
    if (column->exceptions * 8 > column->present) return false;
    column->place[column->exceptions] = (uint16_t)i;
    column->exception[column->exceptions++] = column->bits[i];
    // Any number will do; the one before compresses best.
    column->values[i] = i > 0 ? column->values[i - 1] : 0;
    return true;
}

// Makes values of the bits from i to end; returns the first that is no decimal, or end.
static uint32_t scale_some(loom_real *column, uint32_t i, uint32_t end) {
    enum { STEP = 64 };
    double power = powers[column->digits];
    for (; i < end; i += STEP) {
        uint32_t to = end - i < STEP ? end : i + STEP;
        uint64_t differs = 0;
        for (uint32_t j = i; j < to; j++) {
            uint64_t value = whole(column->bits[j], power);
            column->values[j] = value;
            differs |= difference(column->bits[j], value, power);
        }
        if (differs == 0) continue;
        while (is_decimal(column->bits[i], column->digits)) i++;
        return i;
    }
    return end;
}

static bool is_constant(const loom_real *column) {
    uint64_t differs = 0;
    for (uint32_t i = 1; i < column->present; i++) differs |= column->bits[i] ^ column->bits[0];
    return differs == 0;
}

static void leave_bits(loom_real *column) {
    column->scaled = false;
    column->digits = 0;
    column->exceptions = 0;
    memcpy(column->values, column->bits, column->present * sizeof *column->bits);
}

static void scale(loom_real *column) {
    if (is_constant(column)) {
        leave_bits(column);
        return;
    }
    column->digits = 0;
    column->exceptions = 0;
    column->scaled = true;
    uint32_t i = 0;
    while ((i = scale_some(column, i, column->present)) < column->present) {
        uint32_t digits = column->digits + 1;
        while (digits <= DIGITS_MAX && !is_decimal(column->bits[i], digits)) digits++;
        if (digits <= DIGITS_MAX) {
            column->digits = digits;
            column->exceptions = 0;
            i = 0;
        } else if (except(column, i)) {
            i++;
        } else {
            leave_bits(column);
            return;
        }
    }
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size) {
    memcpy(at, bytes, size);
    return at + size;
}

size_t loom_real_write(
    uint8_t *out, loom_real *column, const uint64_t *bits, uint32_t count, const loom_runs *runs,
    uint64_t *spare) {
    prepare(column, bits, count, runs);
    scale(column);
    const uint8_t head[HEAD_SIZE] = {
        column->bitmapped, column->scaled, (uint8_t)column->digits, 0,
        (uint8_t)column->exceptions, (uint8_t)(column->exceptions >> 8), 0, 0};
    uint8_t *at = put(out, head, sizeof head);
    if (column->bitmapped) at = put(at, column->bitmap, (count + 7) / 8);
    at = put(at, column->place, column->exceptions * sizeof *column->place);
    at = put(at, column->exception, column->exceptions * sizeof *column->exception);
    at += loom_series_write(at, column->values, column->present, &column->runs, spare);
    return (size_t)(at - out);
}

// The runs of those present; false where the bitmap has bits beyond the ticks.
static bool read_bitmap(
    loom_reader *reader, loom_real *column, uint32_t count, const loom_runs *runs) {
    memset(column->bitmap, 0, sizeof column->bitmap);
    if (!loom_take_copy(reader, column->bitmap, (count + 7) / 8)) return false;
    if (count % 8 != 0 && column->bitmap[count / 8] >> count % 8 != 0) return false;
    uint32_t at = 0, run = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (runs->start[run] == i) column->runs.start[run++] = (uint16_t)at;
        at += column->bitmap[i / 8] >> i % 8 & 1;
    }
    column->runs.start[runs->count] = (uint16_t)at;
    column->runs.count = runs->count;
    column->present = at;
    return true;
}

static bool read_exceptions(loom_reader *reader, loom_real *column) {
    uint32_t most = sizeof column->place / sizeof *column->place;
    if (column->exceptions > most) return false;
    if (!loom_take_copy(reader, column->place, column->exceptions * sizeof *column->place))
        return false;
    return loom_take_copy(
        reader, column->exception, column->exceptions * sizeof *column->exception);
}

static void spread(uint64_t *bits, const loom_real *column, uint32_t count) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bit = column->bitmap[i / 8] >> i % 8 & 1;
        bits[i] = bit ? column->bits[at] : absent;
        at += bit;
    }
}

static bool read_values(
    loom_reader *reader, loom_real *column, uint64_t *bits, const loom_runs *runs) {
    if (!column->scaled) return loom_series_read(reader, bits, column->present, runs);
    if (!loom_series_read(reader, column->values, column->present, runs)) return false;
    double power = powers[column->digits];
    for (uint32_t i = 0; i < column->present; i++) bits[i] = unwhole(column->values[i], power);
    for (uint32_t i = 0; i < column->exceptions; i++) {
        if (column->place[i] >= column->present) return false;
        bits[column->place[i]] = column->exception[i];
    }
    return true;
}

static bool read_head(loom_reader *reader, loom_real *column) {
    uint8_t head[HEAD_SIZE];
    if (!loom_take_copy(reader, head, sizeof head)) return false;
    if (head[0] > 1 || head[1] > 1 || head[2] > DIGITS_MAX) return false;
    if (head[3] != 0 || head[6] != 0 || head[7] != 0) return false;
    column->bitmapped = head[0];
    column->scaled = head[1];
    column->digits = head[2];
    column->exceptions = head[4] | (uint32_t)head[5] << 8;
    return column->scaled || column->exceptions == 0;
}

bool loom_real_read(
    loom_reader *reader, loom_real *column, uint64_t *bits, uint32_t count,
    const loom_runs *runs) {
    if (!read_head(reader, column)) return false;
    column->present = count;
    if (column->bitmapped && !read_bitmap(reader, column, count, runs)) return false;
    if (!read_exceptions(reader, column)) return false;
    if (!column->bitmapped) return read_values(reader, column, bits, runs);
    if (!read_values(reader, column, column->bits, &column->runs)) return false;
    spread(bits, column, count);
    return true;
}
