/* Rows or elements copied by a table of places: nearest-neighbour resizing along one axis. */
#include "kernel_table.h"
#include <string.h>

#define ELEMENTS(type)                                                                                                 \
    do {                                                                                                               \
        const type *from = x;                                                                                          \
        type *to = y;                                                                                                  \
        for (size_t i = 0; i < outputs; i++) to[i] = from[places[i]];                                                  \
    } while (0)

void mk_pick(const void *x, size_t size, const int32_t *places, size_t outputs, size_t inner, void *y) {
    const size_t bytes = inner * size;
    switch (inner == 1 ? size : 0) {
    case 1: ELEMENTS(uint8_t); return;
    case 2: ELEMENTS(uint16_t); return;
    case 4: ELEMENTS(uint32_t); return;
    case 8: ELEMENTS(uint64_t); return;
    default: break;
    }
    for (size_t i = 0; i < outputs; i++) memcpy((char *)y + i * bytes, (const char *)x + (size_t)places[i] * bytes, bytes);
}
