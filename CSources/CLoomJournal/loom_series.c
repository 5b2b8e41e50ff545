#include "loom_block_private.h"

// A series: integers of 64 bits, all arithmetic on them modulo 2^64, so that none is too large.
//
//   u8    order: 0 the values, 1 their differences, 2 the differences of the differences
//   u8    e: values are base + 10^e * q
//   u8    width: bytes of a residual, 0...8
//   u8    0
//   u16   exceptions: residuals that are wider
//   u16   0
//   u64   base, the smallest value
//   u16   place of each exception, strictly ascending
//   u64   its bits above the width
//   width planes of count bytes, the lowest bytes of all residuals first
//
// A residual is the q itself or a difference, its sign in the lowest bit. Differences go within the
// runs; the first value of a run is told from the first of the run before, for times and sequences
// of symbols are close. That each byte has its own plane gives the compressor planes of zeros, and
// planes of like bytes.

enum { HEAD_SIZE = 16, UNIT_MAX = 9, SAMPLE = 512, EXCEPTION_SIZE = 10 };

typedef struct unit {
    uint64_t inverse;  // of 5^e modulo 2^64
    uint64_t largest;  // quotient of a multiple of 10^e
    uint64_t size;     // 10^e
} unit;

static const unit units[UNIT_MAX + 1] = {
    {0x0000000000000001, 0xffffffffffffffff, 1},
    {0xcccccccccccccccd, 0x1999999999999999, 10},
    {0x8f5c28f5c28f5c29, 0x028f5c28f5c28f5c, 100},
    {0x1cac083126e978d5, 0x004189374bc6a7ef, 1000},
    {0xd288ce703afb7e91, 0x00068db8bac710cb, 10000},
    {0x5d4e8fb00bcbe61d, 0x0000a7c5ac471b47, 100000},
    {0x790fb65668c26139, 0x000010c6f7a0b5ed, 1000000},
    {0xe5032477ae8d46a5, 0x000001ad7f29abca, 10000000},
    {0xc767074b22e90e21, 0x0000002af31dc461, 100000000},
    {0x8e47ce423a2e9c6d, 0x000000044b82fa09, 1000000000},
};

// value / 10^e where that is whole, else more than any quotient (Granlund and Montgomery 1994,
// section 9): a tenth of the time of a division.
static inline uint64_t quotient(uint64_t value, uint32_t e) {
    uint64_t odd = value * units[e].inverse;
    return odd >> e | odd << ((64 - e) & 63);
}

static inline uint64_t zigzag(uint64_t difference) {
    return difference << 1 ^ (0 - (difference >> 63));
}

static inline uint64_t unzigzag(uint64_t residual) {
    return residual >> 1 ^ (0 - (residual & 1));
}

static inline uint32_t bit_length(uint64_t value) {
    return value ? 64 - (uint32_t)__builtin_clzll(value) : 0;
}

static uint64_t smallest(const uint64_t *values, uint32_t count) {
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = (int64_t)values[i];
        least = value < least ? value : least;
    }
    return (uint64_t)least;
}

// Makes quotients of values; returns the largest e that divides all.
static uint8_t reduce(uint64_t *values, uint32_t count, uint64_t base) {
    uint32_t e = UNIT_MAX;
    for (uint32_t i = 0; i < count && e > 0; i++) {
        while (e > 0 && quotient(values[i] - base, e) > units[e].largest) e--;
    }
    for (uint32_t i = 0; i < count; i++) values[i] -= base;
    if (e == 0) return 0;
    for (uint32_t i = 0; i < count; i++) values[i] = quotient(values[i], e);
    return (uint8_t)e;
}

loom_cost loom_series_cost(const uint64_t *values, uint32_t count, const loom_runs *runs) {
    uint64_t base = smallest(values, count);
    uint32_t bits[3] = {0}, step = count / SAMPLE + 1, run = 0;
    for (uint32_t i = 0; i < count; i += step) {
        while (runs->start[run + 1] <= i) run++;
        uint32_t into = i - runs->start[run];
        // The first ticks of a run cost about the same in every order.
        if (into < 2) continue;
        uint64_t difference = values[i] - values[i - 1];
        bits[0] += bit_length(values[i] - base);
        bits[1] += bit_length(zigzag(difference));
        bits[2] += bit_length(zigzag(difference - (values[i - 1] - values[i - 2])));
    }
    uint8_t order = bits[1] <= bits[0] ? 1 : 0;
    if (bits[2] < bits[order]) order = 2;
    return (loom_cost){bits[order], order};
}

// A difference is taken from what is before it, so each run is done from its end.
static void residuals(
    uint64_t *out, const uint64_t *values, const loom_runs *runs, uint8_t order) {
    uint64_t anchor = 0, carried = 0;
    for (uint32_t run = 0; run < runs->count; run++) {
        uint32_t from = runs->start[run], to = runs->start[run + 1];
        if (from == to) continue;
        out[from] = zigzag(values[from] - anchor);
        anchor = values[from];
        if (order == 1) {
            for (uint32_t i = from + 1; i < to; i++) out[i] = zigzag(values[i] - values[i - 1]);
            continue;
        }
        for (uint32_t i = from + 1; i < to; i++) {
            uint64_t difference = values[i] - values[i - 1];
            out[i] = zigzag(difference - carried);
            carried = difference;
        }
    }
}

static void integrate(uint64_t *values, const loom_runs *runs, uint8_t order) {
    uint64_t anchor = 0, carried = 0;
    for (uint32_t run = 0; run < runs->count; run++) {
        uint32_t from = runs->start[run], to = runs->start[run + 1];
        if (from == to) continue;
        uint64_t value = anchor + unzigzag(values[from]);
        values[from] = anchor = value;
        if (order == 1) {
            for (uint32_t i = from + 1; i < to; i++) values[i] = value += unzigzag(values[i]);
            continue;
        }
        for (uint32_t i = from + 1; i < to; i++) {
            carried += unzigzag(values[i]);
            values[i] = value += carried;
        }
    }
}

static uint8_t width_of(const uint64_t *residual, uint32_t count, uint32_t *exceptions) {
    uint64_t any = 0;
    for (uint32_t i = 0; i < count; i++) any |= residual[i];
    uint32_t width = (bit_length(any) + 7) / 8, wide = 0, at[9] = {0};
    *exceptions = 0;
    if (width == 0) return 0;
    for (uint32_t i = 0; i < count; i++) at[(bit_length(residual[i]) + 7) / 8]++;
    // A plane of mostly zeros compresses well; a few wide residuals are cheaper still by themselves.
    uint32_t best = width, most = count / 64 + 2;
    for (uint32_t narrow = width; narrow-- > 0;) {
        wide += at[narrow + 1];
        if (wide > most || wide * EXCEPTION_SIZE >= (width - narrow) * count) break;
        best = narrow;
        *exceptions = wide;
    }
    return (uint8_t)best;
}

static uint8_t *put_exceptions(
    uint8_t *out, const uint64_t *residual, uint32_t count, uint8_t width, uint32_t exceptions) {
    uint8_t *high = out + 2 * (size_t)exceptions;
    if (exceptions == 0) return high;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t above = residual[i] >> 8 * width;
        if (above == 0) continue;
        uint16_t place = (uint16_t)i;
        memcpy(out, &place, sizeof place);
        memcpy(high, &above, sizeof above);
        out += sizeof place;
        high += sizeof above;
    }
    return high;
}

size_t loom_series_write(
    uint8_t *out, uint64_t *values, uint32_t count, const loom_runs *runs, uint64_t *spare) {
    uint64_t base = count ? smallest(values, count) : 0;
    uint8_t e = reduce(values, count, base);
    uint8_t order = loom_series_cost(values, count, runs).order;
    uint64_t *residual = order ? spare : values;
    if (order) residuals(residual, values, runs, order);
    uint32_t exceptions;
    uint8_t width = width_of(residual, count, &exceptions);
    const uint8_t head[8] = {
        order, e, width, 0, (uint8_t)exceptions, (uint8_t)(exceptions >> 8), 0, 0};
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, &base, sizeof base);
    uint8_t *at = put_exceptions(out + HEAD_SIZE, residual, count, width, exceptions);
    for (uint32_t plane = 0; plane < width; plane++, at += count) {
        for (uint32_t i = 0; i < count; i++) at[i] = (uint8_t)(residual[i] >> 8 * plane);
    }
    return (size_t)(at - out);
}

// With a width known to the compiler, one loop of vector instructions.
__attribute__((always_inline)) static inline void join(
    uint64_t *values, const uint8_t *planes, uint32_t count, uint32_t width) {
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = 0;
        for (uint32_t plane = 0; plane < width; plane++) {
            value |= (uint64_t)planes[(size_t)plane * count + i] << 8 * plane;
        }
        values[i] = value;
    }
}

static void join_planes(uint64_t *values, const uint8_t *planes, uint32_t count, uint32_t width) {
    switch (width) {
    case 0: memset(values, 0, count * sizeof *values); return;
    case 1: join(values, planes, count, 1); return;
    case 2: join(values, planes, count, 2); return;
    case 3: join(values, planes, count, 3); return;
    case 4: join(values, planes, count, 4); return;
    default: join(values, planes, count, width); return;
    }
}

static bool add_exceptions(
    uint64_t *values, const uint8_t *list, uint32_t exceptions, uint32_t count, uint32_t width) {
    int32_t before = -1;
    for (uint32_t i = 0; i < exceptions; i++) {
        uint16_t place;
        uint64_t above;
        memcpy(&place, list + i * sizeof place, sizeof place);
        memcpy(&above, list + exceptions * sizeof place + i * sizeof above, sizeof above);
        if (place >= count || place <= before) return false;
        values[place] |= above << 8 * width;
        before = place;
    }
    return true;
}

bool loom_series_read(
    loom_reader *reader, uint64_t *values, uint32_t count, const loom_runs *runs) {
    uint8_t head[8];
    uint64_t base;
    if (!loom_take_copy(reader, head, sizeof head)) return false;
    if (!loom_take_copy(reader, &base, sizeof base)) return false;
    uint32_t order = head[0], e = head[1], width = head[2];
    uint32_t exceptions = head[4] | (uint32_t)head[5] << 8;
    if (order > 2 || e > UNIT_MAX || width > 8) return false;
    if (exceptions > 0 && width == 8) return false;
    if (head[3] != 0 || head[6] != 0 || head[7] != 0) return false;
    const uint8_t *list = loom_take(reader, (size_t)exceptions * EXCEPTION_SIZE);
    const uint8_t *planes = loom_take(reader, (size_t)width * count);
    if (!list || !planes || reader->at != reader->end) return false;
    join_planes(values, planes, count, width);
    if (!add_exceptions(values, list, exceptions, count, width)) return false;
    if (order) integrate(values, runs, (uint8_t)order);
    uint64_t size = units[e].size;
    for (uint32_t i = 0; i < count; i++) values[i] = base + values[i] * size;
    return true;
}
