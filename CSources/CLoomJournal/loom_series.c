#include "loom_block_private.h"

// A series: integers of 64 bits, all arithmetic on them modulo 2^64, so that none is too large.
//
//   u8    order: 0 the values, 1 their differences, 2 the differences of the differences
//   u8    unit e: values are base + 10^e * q
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

enum { UNIT_MAX = 9, SAMPLE = 512, EXCEPTION_SIZE = 10 };

typedef struct series_head {
    uint8_t order;
    uint8_t unit;
    uint8_t width;
    uint8_t zero;
    uint16_t exceptions;
    uint16_t zeros;
    uint64_t base;
} series_head;
_Static_assert(sizeof(series_head) == 16, "stored as it is");

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
    uint32_t step = count / SAMPLE + 1, run = 0;
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < count; i += step) {
        if ((int64_t)values[i] < least) least = (int64_t)values[i];
    }
    uint32_t bits[3] = {0};
    for (uint32_t i = 0; i < count; i += step) {
        while (runs->start[run + 1] <= i) run++;
        // The first ticks of a run cost about the same in every order.
        if (i - runs->start[run] < 2) continue;
        uint64_t difference = values[i] - values[i - 1];
        bits[0] += bit_length(values[i] - (uint64_t)least);
        bits[1] += bit_length(zigzag(difference));
        bits[2] += bit_length(zigzag(difference - (values[i - 1] - values[i - 2])));
    }
    uint8_t order = bits[1] <= bits[0] ? 1 : 0;
    if (bits[2] < bits[order]) order = 2;
    return (loom_cost){bits[order], order};
}

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

static uint32_t count_wider(const uint64_t *residual, uint32_t count, uint32_t width) {
    uint32_t wider = 0;
    for (uint32_t i = 0; i < count; i++) wider += residual[i] >> 8 * width != 0;
    return wider;
}

// A plane of mostly zeros compresses well; a few wide residuals are cheaper still by themselves.
static uint32_t width_of(const uint64_t *residual, uint32_t count, uint32_t *exceptions) {
    uint64_t any = 0;
    for (uint32_t i = 0; i < count; i++) any |= residual[i];
    uint32_t width = (bit_length(any) + 7) / 8, best = width;
    *exceptions = 0;
    for (uint32_t narrow = width; narrow-- > 0;) {
        uint32_t wider = count_wider(residual, count, narrow);
        if (wider > count / 64 + 2 || wider * EXCEPTION_SIZE >= (width - narrow) * count) break;
        best = narrow;
        *exceptions = wider;
    }
    return best;
}

static uint8_t *put_exceptions(
    uint8_t *out, const uint64_t *residual, uint32_t count, uint32_t width, uint32_t exceptions) {
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

static uint8_t *put_head(uint8_t *out, const series_head *head) {
    memcpy(out, head, sizeof *head);
    return out + sizeof *head;
}

static bool is_constant(const uint64_t *values, uint32_t count) {
    uint64_t differs = 0;
    for (uint32_t i = 1; i < count; i++) differs |= values[i] ^ values[0];
    return differs == 0;
}

size_t loom_series_write(
    uint8_t *out, uint64_t *values, uint32_t count, const loom_runs *runs, uint64_t *spare) {
    series_head head = {.base = values[0]};
    if (is_constant(values, count)) return (size_t)(put_head(out, &head) - out);
    head.base = smallest(values, count);
    head.unit = reduce(values, count, head.base);
    head.order = loom_series_cost(values, count, runs).order;
    const uint64_t *residual = values;
    if (head.order) {
        residuals(spare, values, runs, head.order);
        residual = spare;
    }
    uint32_t exceptions, width = width_of(residual, count, &exceptions);
    head.width = (uint8_t)width;
    head.exceptions = (uint16_t)exceptions;
    uint8_t *at = put_head(out, &head);
    at = put_exceptions(at, residual, count, width, exceptions);
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

static bool is_possible(const series_head *head) {
    if (head->order > 2 || head->unit > UNIT_MAX || head->width > 8) return false;
    if (head->exceptions > 0 && head->width == 8) return false;
    return head->zero == 0 && head->zeros == 0;
}

static void add_base(uint64_t *values, uint32_t count, uint64_t base, uint64_t size) {
    if (size == 1) {
        for (uint32_t i = 0; i < count; i++) values[i] += base;
    } else {
        for (uint32_t i = 0; i < count; i++) values[i] = base + values[i] * size;
    }
}

bool loom_series_read(
    loom_reader *reader, uint64_t *values, uint32_t count, const loom_runs *runs) {
    series_head head;
    if (!loom_take_copy(reader, &head, sizeof head) || !is_possible(&head)) return false;
    const uint8_t *list = loom_take(reader, (size_t)head.exceptions * EXCEPTION_SIZE);
    const uint8_t *planes = loom_take(reader, (size_t)head.width * count);
    if (!list || !planes || reader->at != reader->end) return false;
    if (head.width == 0 && head.exceptions == 0) {
        for (uint32_t i = 0; i < count; i++) values[i] = head.base;
        return true;
    }
    join_planes(values, planes, count, head.width);
    if (!add_exceptions(values, list, head.exceptions, count, head.width)) return false;
    if (head.order) integrate(values, runs, head.order);
    add_base(values, count, head.base, units[head.unit].size);
    return true;
}
