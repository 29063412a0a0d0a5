/* The portable body: any CPU, any compiler with vector extensions (SSE2 on x86-64, NEON on arm64). */
#include "kernel_table.h"
#include "half.h"
#define MK_LEVEL 0
#define MK_TABLE mk_table_scalar
#include "level_body.h"
