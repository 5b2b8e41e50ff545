#include "loom_ticks_private.h"

static char *put_digits(char *end, uint64_t value, int count) {
    for (; count > 0; count--, value /= 10) *--end = (char)('0' + value % 10);
    return end;
}

// The day of the Gregorian calendar, days since 1970, as years that begin in March: then a leap day
// is the last of its year (H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days).
static void put_date(char *end, int64_t days) {
    uint64_t day = (uint64_t)(days + 719468);  // since 0000-03-01; no time of 64 bits is before it
    uint64_t era = day / 146097, day_of_era = day % 146097;
    uint64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t month = (5 * day_of_year + 2) / 153;  // 0 is March
    uint64_t year = era * 400 + year_of_era + (month >= 10);
    end = put_digits(end, day_of_year - (153 * month + 2) / 5 + 1, 2);
    *--end = '-';
    end = put_digits(end, month < 10 ? month + 3 : month - 9, 2);
    *--end = '-';
    put_digits(end, year, 4);
}

void loom_time_text(int64_t nanoseconds, char text[LOOM_TIME_TEXT_SIZE]) {
    int64_t fraction = nanoseconds % 1000000000, seconds = nanoseconds / 1000000000;
    if (fraction < 0) {
        fraction += 1000000000;
        seconds -= 1;
    }
    int64_t second = seconds % 86400, days = seconds / 86400;
    if (second < 0) {
        second += 86400;
        days -= 1;
    }
    char *end = text + LOOM_TIME_TEXT_SIZE;
    *--end = 'Z';
    end = put_digits(end, (uint64_t)fraction, 9);
    *--end = '.';
    end = put_digits(end, (uint64_t)second % 60, 2);
    *--end = ':';
    end = put_digits(end, (uint64_t)second / 60 % 60, 2);
    *--end = ':';
    end = put_digits(end, (uint64_t)second / 3600, 2);
    *--end = 'T';
    put_date(end, days);
}
