#include <math.h>
#include <string.h>
#include "loom_ticks_private.h"

// A comparison that no number, or every number, meets.
static void take_all_or_none(loom_span *span, bool all) {
    if (!all) loom_span_empty(span);
}

static void keep_from(loom_span *span, int64_t low) {
    if (low > span->low) span->low = low;
}

static void keep_to(loom_span *span, int64_t high) {
    if (high < span->high) span->high = high;
}

static void narrow_whole(loom_span *span, char comparison, int64_t value) {
    switch (comparison) {
    case LOOM_EQUAL:
        keep_from(span, value);
        keep_to(span, value);
        break;
    case LOOM_AT_LEAST: keep_from(span, value); break;
    case LOOM_AT_MOST: keep_to(span, value); break;
    case LOOM_ABOVE:
        if (value == INT64_MAX) loom_span_empty(span);
        else keep_from(span, value + 1);
        break;
    case LOOM_BELOW:
        if (value == INT64_MIN) loom_span_empty(span);
        else keep_to(span, value - 1);
        break;
    }
}

static bool is_upper(char comparison) {
    return comparison == LOOM_BELOW || comparison == LOOM_AT_MOST;
}

#pragma STDC FP_CONTRACT OFF

// Against a real, exactly: what is above 1.5 is above 1, what is below it is at most 1.
static void narrow_real(loom_span *span, char comparison, double value) {
    if (value >= 0x1p63) {
        take_all_or_none(span, is_upper(comparison));
        return;
    }
    if (value < -0x1p63) {
        take_all_or_none(span, comparison == LOOM_ABOVE || comparison == LOOM_AT_LEAST);
        return;
    }
    double below = floor(value);
    if (below < value) {
        if (comparison == LOOM_EQUAL) loom_span_empty(span);
        if (comparison == LOOM_AT_LEAST) comparison = LOOM_ABOVE;
        if (comparison == LOOM_BELOW) comparison = LOOM_AT_MOST;
    }
    narrow_whole(span, comparison, (int64_t)below);
}

static void narrow_number(loom_span *span, char comparison, sqlite3_value *value, int type) {
    switch (type) {
    case SQLITE_INTEGER: narrow_whole(span, comparison, sqlite3_value_int64(value)); break;
    case SQLITE_FLOAT: narrow_real(span, comparison, sqlite3_value_double(value)); break;
    case SQLITE_NULL: loom_span_empty(span); break;
    // Every number is below every text, and that below every blob.
    default: take_all_or_none(span, is_upper(comparison));
    }
}

bool loom_span_narrow(loom_span *span, char comparison, sqlite3_value *value) {
    int type = sqlite3_value_type(value);
    if (type != SQLITE_TEXT) {
        narrow_number(span, comparison, value, type);
        return true;
    }
    // A text that reads as a number is compared as one. Of a copy: the value itself may be needed
    // as text elsewhere in the statement.
    sqlite3_value *copy = sqlite3_value_dup(value);
    if (!copy) return false;
    type = sqlite3_value_numeric_type(copy);
    narrow_number(span, comparison, copy, type);
    sqlite3_value_free(copy);
    return true;
}

static int compare(int64_t time, const char *text, size_t size) {
    char own[LOOM_TIME_TEXT_SIZE];
    loom_time_text(time, own);
    int order = memcmp(own, text, size < sizeof own ? size : sizeof own);
    if (order != 0) return order;
    return size == sizeof own ? 0 : size < sizeof own ? 1 : -1;
}

// The first time whose text is at least that one, or above it: false where there is none. Times and
// their texts are in the same order, so this is found by halving.
static bool find_first(const char *text, size_t size, bool above, int64_t *out) {
    uint64_t from = 0, to = UINT64_MAX;  // counted from INT64_MIN
    const uint64_t origin = UINT64_C(1) << 63;
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (compare((int64_t)(middle ^ origin), text, size) >= (above ? 1 : 0)) to = middle;
        else from = middle + 1;
    }
    *out = (int64_t)(from ^ origin);
    return compare(*out, text, size) >= (above ? 1 : 0);
}

void loom_span_narrow_text(loom_span *span, char comparison, const char *text, size_t size) {
    int64_t first;
    if (comparison != LOOM_BELOW && comparison != LOOM_AT_MOST) {
        bool any = find_first(text, size, comparison == LOOM_ABOVE, &first);
        take_all_or_none(span, any);
        if (any) keep_from(span, first);
    }
    if (comparison != LOOM_ABOVE && comparison != LOOM_AT_LEAST) {
        if (!find_first(text, size, comparison != LOOM_BELOW, &first)) return;
        narrow_whole(span, LOOM_BELOW, first);
    }
}
