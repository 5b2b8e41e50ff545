#ifndef DISK_PRIVATE_H
#define DISK_PRIVATE_H
#include "faulty_disk.h"
#include <pthread.h>
#include <stddef.h>
#pragma clang assume_nonnull begin

/// A write or, without bytes, a cut to the size `offset`.
typedef struct disk_change {
    int64_t offset;
    int64_t count;
    uint8_t *_Nullable bytes;
} disk_change;

/// A file: what is on the disk, and what was changed since; by its names there are two of them.
typedef struct disk_file {
    struct disk_file *_Nullable next;
    char *name;
    uint8_t *_Nullable synced;
    int64_t size;
    int64_t room;
    disk_change *_Nullable changes;
    size_t change_count;
    size_t change_room;
    /// Whether the folder has it under its name: now, and on the disk.
    bool is_linked;
    bool is_linked_on_disk;
} disk_file;

struct faulty_disk {
    faulty_disk *_Nullable next;
    char *folder;
    void (*_Nullable before_change)(void *_Nullable);
    void *_Nullable context;
    /// Guards everything below.
    pthread_mutex_t lock;
    disk_file *_Nullable files;
    uint64_t changes;
    bool is_weak;
    int refusal;
};

/// Takes note of a write, or of a cut where bytes is null; false where memory is short.
bool disk_file_change(
    disk_file *file, int64_t offset, int64_t count, const uint8_t *_Nullable bytes);

/// Puts everything on the disk.
bool disk_file_sync(disk_file *file);

void disk_file_destroy(disk_file *_Nullable file);

/// Makes the same change to plain memory; false where memory is short.
bool disk_apply(
    uint8_t *_Nullable *_Nonnull bytes, int64_t *size, int64_t *room, const disk_change *change);

#pragma clang assume_nonnull end
#endif
