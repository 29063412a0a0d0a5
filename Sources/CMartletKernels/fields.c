/* Fields of separated text to columns. Only fields in their usual form: the caller does the others one by one. */
#include "martlet_kernels.h"
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    const uint8_t *start;
    size_t length;
} field;

/* The bytes of a field, without a CR before the LF at its end and without quotes around it. */
INLINE field field_of(const mk_field_column *f, size_t row, int *is_quoted) {
    const size_t index = row * f->columns + f->column;
    const uint32_t start = f->ends[index] + 1, end = f->ends[index + 1];
    field result = {f->text + start, end - start};
    if (f->column + 1 == f->columns && result.length > 0 && f->text[end - 1] == '\r' && f->text[end] == '\n')
        result.length--;
    *is_quoted = result.length > 1 && result.start[0] == f->quote;
    if (*is_quoted) {
        result.start++;
        result.length -= 2;
    }
    return result;
}

INLINE uint64_t load8(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Eight digits, the first in the lowest byte; false if one is none. */
INLINE int digits8(uint64_t word, uint64_t *value) {
    const uint64_t x = word ^ 0x3030303030303030u;
    if ((x | (x + 0x0606060606060606u)) & 0xf0f0f0f0f0f0f0f0u) return 0;
    const uint64_t pairs = x * 10 + (x >> 8); /* in bytes 0, 2, 4, 6 */
    const uint64_t mask = 0x000000ff000000ffu;
    *value = ((pairs & mask) * (100 + (1000000ull << 32)) + (pairs >> 16 & mask) * (1 + (10000ull << 32))) >> 32;
    return 1;
}

/* The first n (1 to 8) bytes as digits. */
INLINE int digits(uint64_t word, size_t n, uint64_t *value) {
    const uint64_t zeros = n < 8 ? 0x3030303030303030u >> 8 * n : 0;
    return digits8(word << (64 - 8 * n) | zeros, value);
}

/* Up to 16 digits. */
INLINE int digits16(const uint8_t *p, size_t n, uint64_t *value) {
    if (n <= 8) return digits(load8(p), n, value);
    uint64_t high, low;
    if (!digits(load8(p), n - 8, &high) || !digits8(load8(p + n - 8), &low)) return 0;
    *value = high * 100000000 + low;
    return 1;
}

INLINE void set_null(uint64_t *valid, size_t row) { valid[row >> 6] &= ~((uint64_t)1 << (row & 63)); }

/* An optional minus, then 1 to 16 digits without a needless zero. */
INLINE int plain_integer(field f, int64_t *value) {
    const int negative = f.start[0] == '-';
    const uint8_t *p = f.start + negative;
    const size_t n = f.length - (size_t)negative;
    uint64_t magnitude;
    if (n - 1 >= 16 || (n > 1 && p[0] == '0') || !digits16(p, n, &magnitude)) return 0;
    *value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return 1;
}

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* high · 2^64 + low over d, where high < d. */
INLINE uint64_t divide128(uint64_t high, uint64_t low, uint64_t d, uint64_t *rest) {
#if defined(__x86_64__)
    uint64_t quotient;
    __asm__("divq %4" : "=a"(quotient), "=d"(*rest) : "a"(low), "d"(high), "r"(d) : "cc");
    return quotient;
#else
    const unsigned __int128 n = (unsigned __int128)high << 64 | low;
    *rest = (uint64_t)(n % d);
    return (uint64_t)(n / d);
#endif
}

/* mantissa · 10^-places, places at most 22, rounded once, to the nearest double. */
INLINE double scaled_down(uint64_t mantissa, size_t places) {
    /* Both operands are exact, so the one operation rounds once (W. Clinger, 1990). */
    if (mantissa <= (uint64_t)1 << 53) return (double)mantissa / powers_of_ten[places];
    /* mantissa / 5^places as a quotient of 62 bits and more, whose last bit says whether there was a rest. */
    uint64_t five = 1, rest;
    for (size_t i = 0; i < places; i++) five *= 5;
    const int up = __builtin_clzll(mantissa), five_up = __builtin_clzll(five);
    const uint64_t m = mantissa << up;
    uint64_t quotient = divide128(m >> 1, m << 63, five << five_up, &rest);
    quotient |= rest != 0;
    const int exponent = five_up - up - (int)places - 63;
    const uint64_t scale = (uint64_t)(1023 + exponent) << 52;
    double power;
    memcpy(&power, &scale, 8);
    return (double)quotient * power;
}

/* An optional minus, then digits without a needless zero, or digits, a point among the first 16 bytes, and digits; at most
 * 24 bytes, and digits that 64 bits hold. */
INLINE int plain_float(field f, double *value) {
    const int negative = f.start[0] == '-';
    const uint8_t *p = f.start + negative;
    const size_t n = f.length - (size_t)negative;
    if (n - 1 >= 24 || (p[0] == '0' && n > 1 && p[1] != '.')) return 0;
    const uint64_t points = 0x2e2e2e2e2e2e2e2eu, ones = 0x0101010101010101u;
    uint64_t low = load8(p), high = n > 8 ? load8(p + 8) : 0;
    const uint64_t x = low ^ points, y = high ^ points;
    const uint64_t in_low = (x - ones) & ~x & ones << 7, in_high = (y - ones) & ~y & ones << 7;
    /* The first hit of each test is exact. */
    size_t point = in_low ? (size_t)__builtin_ctzll(in_low) >> 3 : in_high ? 8 + ((size_t)__builtin_ctzll(in_high) >> 3) : n;
    if (point > n) point = n;
    if (point == 0 || point + 1 == n) return 0;
    const size_t head = n < 16 ? n : 16;
    size_t count = head;
    if (point < head) {
        /* Closes the gap of the point. */
        if (point < 8) {
            const uint64_t keep = ((uint64_t)1 << 8 * point) - 1;
            low = (low & keep) | (low >> 8 & ~keep) | high << 56;
            if (point == 7) low = (low & keep) | high << 56;
            high >>= 8;
        } else {
            const uint64_t keep = ((uint64_t)1 << 8 * (point - 8)) - 1;
            high = (high & keep) | (high >> 8 & ~keep);
        }
        count--;
    }
    uint64_t mantissa;
    if (count <= 8) {
        if (!digits(low, count, &mantissa)) return 0;
    } else {
        uint64_t rest;
        const size_t more = count - 8;
        if (!digits8(low, &mantissa) || !digits(high, more, &rest)) return 0;
        static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
        mantissa = mantissa * tens[more] + rest;
    }
    for (size_t i = head; i < n; i++) {
        const uint8_t digit = p[i] - '0';
        if (digit > 9 || mantissa >= UINT64_MAX / 10) return 0;
        mantissa = mantissa * 10 + digit;
    }
    /* Whole numbers beyond 64 bits are no numbers in some columns. */
    if (point == n && n > 18) return 0;
    const double result = scaled_down(mantissa, point < n ? n - point - 1 : 0);
    *value = negative ? -result : result;
    return 1;
}

size_t mk_fields_to_i64(const mk_field_column *f, size_t row, int64_t *out, uint64_t *valid) {
    for (; row < f->rows; row++) {
        int is_quoted;
        const field text = field_of(f, row, &is_quoted);
        out[row] = 0;
        if (text.length == 0) set_null(valid, row);
        else if (!plain_integer(text, &out[row])) break;
    }
    return row;
}

size_t mk_fields_to_f64(const mk_field_column *f, size_t row, double *out, uint64_t *valid) {
    for (; row < f->rows; row++) {
        int is_quoted;
        const field text = field_of(f, row, &is_quoted);
        out[row] = 0;
        if (text.length == 0) set_null(valid, row);
        else if (!plain_float(text, &out[row])) break;
    }
    return row;
}

/* YYYY-MM-DD: microseconds from 1970-01-01, in the proleptic Gregorian calendar. */
INLINE int plain_date(field f, int64_t *value) {
    if (f.length != 10 || f.start[4] != '-' || f.start[7] != '-') return 0;
    uint64_t year, month, day;
    if (!digits(load8(f.start), 4, &year) || !digits(load8(f.start + 5), 2, &month) ||
        !digits(load8(f.start + 8), 2, &day))
        return 0;
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year == 0 || month - 1 > 11 || day == 0) return 0;
    const int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > (uint64_t)lengths[month - 1] + (uint64_t)(month == 2 && leap)) return 0;
    /* Years begin in March, so that a leap day ends one. */
    const int64_t y = (int64_t)year - (month <= 2), m = (int64_t)month + (month > 2 ? -3 : 9);
    const int64_t days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + (int64_t)day - 1 - 719468;
    *value = days * 86400000000;
    return 1;
}

size_t mk_fields_to_dates(const mk_field_column *f, size_t row, int64_t *out, uint64_t *valid) {
    for (; row < f->rows; row++) {
        int is_quoted;
        const field text = field_of(f, row, &is_quoted);
        out[row] = 0;
        if (text.length == 0) set_null(valid, row);
        else if (!plain_date(text, &out[row])) break;
    }
    return row;
}

size_t mk_fields_bytes(const mk_field_column *f) {
    size_t total = 0;
    for (size_t row = 0; row < f->rows; row++) {
        const size_t index = row * f->columns + f->column;
        total += f->ends[index + 1] - f->ends[index] - 1;
    }
    return total;
}

size_t mk_fields_to_text(const mk_field_column *f, size_t row, int64_t *offsets, uint8_t *out, uint64_t *valid) {
    int64_t at = offsets[row];
    for (; row < f->rows; row++) {
        int is_quoted;
        const field text = field_of(f, row, &is_quoted);
        if (is_quoted) {
            if (memchr(text.start, f->quote, text.length)) break;
        } else if (text.length == 0) {
            set_null(valid, row);
        }
        /* 16 bytes at a time; both sides have that many more. */
        for (size_t i = 0; i < text.length; i += 16) memcpy(out + at + i, text.start + i, 16);
        at += (int64_t)text.length;
        offsets[row + 1] = at;
    }
    return row;
}
