#ifndef MARTLET_FUZZ_DRIVER_H
#define MARTLET_FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

/// The entry that each fuzz target defines; returns 0.
int LLVMFuzzerTestOneInput(const uint8_t *_Nullable data, size_t size);

/// libFuzzer's own mutation of bytes in place. Returns the new size.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t maximum_size);

/// Runs libFuzzer with a command line of its options. Returns its exit code.
int martlet_fuzz_run(int argc, char *_Nullable *_Nullable argv);

#endif
