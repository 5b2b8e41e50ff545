#define _POSIX_C_SOURCE 200809L
#include "disk_private.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512 };

/// SplitMix64.
static uint64_t next(uint64_t *state) {
    *state += 0x9E3779B97F4A7C15;
    uint64_t mixed = (*state ^ *state >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

/// The bytes of a file as they are built up.
typedef struct image {
    uint8_t *_Nullable bytes;
    int64_t size;
    int64_t room;
} image;

static bool apply(image *image, const disk_change *change) {
    return disk_apply(&image->bytes, &image->size, &image->room, change);
}

/// Applies some sectors of a write.
static bool apply_torn(image *image, const disk_change *change, uint64_t *state) {
    int64_t end = change->offset + change->count;
    for (int64_t start = change->offset; start < end;) {
        int64_t stop = (start / SECTOR + 1) * SECTOR;
        stop = stop < end ? stop : end;
        disk_change part = {
            .offset = start, .count = stop - start,
            .bytes = change->bytes + (start - change->offset)};
        if (next(state) % 2 == 0 && !apply(image, &part)) {
            return false;
        }
        start = stop;
    }
    return true;
}

/// Applies some of the changes, in any order, and some of those in part.
static bool apply_some(image *image, const disk_file *file, uint64_t *state) {
    size_t count = file->change_count;
    size_t *order = malloc((count + 1) * sizeof *order);
    if (order == NULL) {
        return false;
    }
    for (size_t place = 0; place < count; place++) {
        order[place] = place;
    }
    // Nearly none, about half or nearly all of them come, in order or in any.
    uint64_t kept = next(state) % 3;
    bool is_shuffled = next(state) % 2 == 0;
    for (size_t place = count; is_shuffled && place > 1; place--) {
        size_t other = next(state) % place;
        size_t held = order[place - 1];
        order[place - 1] = order[other];
        order[other] = held;
    }
    bool is_done = true;
    for (size_t place = 0; is_done && place < count; place++) {
        const disk_change *change = &file->changes[order[place]];
        uint64_t chance = next(state) % 16;
        if (chance < 2 && change->bytes != NULL) {
            is_done = apply_torn(image, change, state);
        } else if (chance < 3 + kept * 6) {
            is_done = apply(image, change);
        }
    }
    free(order);
    return is_done;
}

static bool write_file(const char *folder, const char *name, const image *image) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        return false;
    }
    FILE *file = fopen(path, "wbx");
    if (file == NULL) {
        return false;
    }
    size_t size = (size_t)image->size;
    bool is_written = size == 0 || fwrite(image->bytes, 1, size, file) == size;
    return fclose(file) == 0 && is_written;
}

static bool write_survivor(const disk_file *file, int kind, uint64_t *state, const char *folder) {
    image image = {.bytes = NULL, .size = 0, .room = 0};
    disk_change synced = {.offset = 0, .count = file->size, .bytes = file->synced};
    bool is_done = file->synced == NULL || apply(&image, &synced);
    if (kind == FAULTY_DISK_CUT) {
        is_done = is_done && apply_some(&image, file, state);
    }
    for (size_t place = 0; kind == FAULTY_DISK_KILLED && place < file->change_count; place++) {
        is_done = is_done && apply(&image, &file->changes[place]);
    }
    is_done = is_done && write_file(folder, file->name, &image);
    free(image.bytes);
    return is_done;
}

/// The other file that the folder may hold under the same name; null where there is none.
static const disk_file *_Nullable rival(const faulty_disk *disk, const disk_file *file) {
    for (const disk_file *other = disk->files; other != NULL; other = other->next) {
        if (other != file && strcmp(other->name, file->name) == 0
            && (other->is_linked || other->is_linked_on_disk)) {
            return other;
        }
    }
    return NULL;
}

bool faulty_disk_survivors(faulty_disk *disk, int kind, uint64_t seed, const char *folder) {
    uint64_t state = seed;
    bool is_done = true;
    pthread_mutex_lock(&disk->lock);
    for (const disk_file *file = disk->files; is_done && file != NULL; file = file->next) {
        bool survives = file->is_linked;
        if (kind == FAULTY_DISK_CUT && file->is_linked != file->is_linked_on_disk) {
            // The newer of two may have taken the name, or not.
            uint64_t chance = next(&state) % 2;
            survives = chance == 0;
            const disk_file *other = rival(disk, file);
            if (other != NULL && other->is_linked != other->is_linked_on_disk) {
                survives = file->is_linked == (seed % 2 == 0);
            }
        }
        if (survives) {
            is_done = write_survivor(file, kind, &state, folder);
        }
    }
    pthread_mutex_unlock(&disk->lock);
    return is_done;
}
