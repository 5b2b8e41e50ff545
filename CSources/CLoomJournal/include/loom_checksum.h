#ifndef LOOM_CHECKSUM_H
#define LOOM_CHECKSUM_H
#include <stddef.h>
#include <stdint.h>
#pragma clang assume_nonnull begin

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of size bytes that follow others.
///
/// crc: the sum of what came before, 0 for nothing. By the processor's instruction where it has
/// one (SSE 4.2), else by a table; both give the same number. O(size).
uint32_t loom_crc32c(uint32_t crc, const void *_Nullable bytes, size_t size);

/// The same by the table alone, on any processor.
uint32_t loom_crc32c_portable(uint32_t crc, const void *_Nullable bytes, size_t size);

#pragma clang assume_nonnull end
#endif
