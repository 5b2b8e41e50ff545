#include <xxhash.h>
#include "loom_block_private.h"
#include "loom_checksum.h"

static bool is_possible(const loom_block_header *h) {
    if (h->count == 0 || h->count > LOOM_BLOCK_TICKS_MAX) return false;
    if (h->first_sequence > h->last_sequence) return false;
    if (h->first_time > h->last_time) return false;
    if (h->first_symbol > h->last_symbol) return false;
    if (h->body_size > LOOM_BODY_SIZE_MAX) return false;
    return h->stored_size <= h->body_size;
}

uint32_t loom_header_checksum(const loom_block_header *header) {
    return loom_crc32c(0, header, offsetof(loom_block_header, header_checksum));
}

loom_block_status loom_block_header_read(
    const void *bytes, size_t size, loom_block_header *out) {
    const uint64_t magic = LOOM_BLOCK_MAGIC;
    if (size < sizeof magic) return LOOM_BLOCK_FOREIGN;
    if (memcmp(bytes, &magic, sizeof magic) != 0) return LOOM_BLOCK_FOREIGN;
    if (size < LOOM_BLOCK_HEADER_SIZE) return LOOM_BLOCK_DAMAGED;
    loom_block_header header;
    memcpy(&header, bytes, sizeof header);
    if (header.header_checksum != loom_header_checksum(&header)) return LOOM_BLOCK_DAMAGED;
    if (header.codec > LOOM_BLOCK_CODEC) return LOOM_BLOCK_NEWER;
    if (header.codec == 0) return LOOM_BLOCK_MALFORMED;
    if (!is_possible(&header)) return LOOM_BLOCK_MALFORMED;
    *out = header;
    return LOOM_BLOCK_OK;
}

size_t loom_block_size(const loom_block_header *header) {
    return LOOM_BLOCK_HEADER_SIZE + (size_t)header->stored_size;
}

loom_block_status loom_block_check(const void *bytes, size_t size, loom_block_header *out) {
    loom_block_header header;
    loom_block_status status = loom_block_header_read(bytes, size, &header);
    if (status != LOOM_BLOCK_OK) return status;
    if (size < loom_block_size(&header)) return LOOM_BLOCK_DAMAGED;
    const uint8_t *body = (const uint8_t *)bytes + LOOM_BLOCK_HEADER_SIZE;
    if (header.body_checksum != loom_crc32c(0, body, header.stored_size)) return LOOM_BLOCK_DAMAGED;
    *out = header;
    return LOOM_BLOCK_OK;
}

size_t loom_block_find(const void *bytes, size_t size, size_t from) {
    const uint64_t magic = LOOM_BLOCK_MAGIC;
    const uint8_t *start = bytes;
    while (from < size && size - from >= sizeof magic) {
        const uint8_t *next = memchr(start + from, (int)(magic & 255), size - from - 7);
        if (!next) return size;
        if (memcmp(next, &magic, sizeof magic) == 0) return (size_t)(next - start);
        from = (size_t)(next - start) + 1;
    }
    return size;
}

loom_block_hash loom_block_hash_of(const void *block, size_t size) {
    XXH128_hash_t hash = XXH3_128bits(block, size);
    return (loom_block_hash){hash.low64, hash.high64};
}
