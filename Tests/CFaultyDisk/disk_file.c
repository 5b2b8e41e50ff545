#include "disk_private.h"
#include <stdlib.h>
#include <string.h>

static bool make_room(uint8_t **bytes, int64_t *room, int64_t wanted) {
    if (wanted <= *room) {
        return true;
    }
    int64_t larger = *room * 2 > wanted ? *room * 2 : wanted;
    uint8_t *grown = realloc(*bytes, (size_t)larger);
    if (grown == NULL) {
        return false;
    }
    *bytes = grown;
    *room = larger;
    return true;
}

bool disk_apply(uint8_t **bytes, int64_t *size, int64_t *room, const disk_change *change) {
    int64_t end = change->offset + change->count;
    if (!make_room(bytes, room, end)) {
        return false;
    }
    if (end > *size) {
        memset(*bytes + *size, 0, (size_t)(end - *size));
    }
    if (change->bytes == NULL) {
        *size = change->offset;
    } else {
        memcpy(*bytes + change->offset, change->bytes, (size_t)change->count);
        *size = end > *size ? end : *size;
    }
    return true;
}

bool disk_file_change(disk_file *file, int64_t offset, int64_t count, const uint8_t *bytes) {
    if (file->change_count == file->change_room) {
        size_t room = file->change_room * 2 + 16;
        disk_change *grown = realloc(file->changes, room * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        file->changes = grown;
        file->change_room = room;
    }
    disk_change change = {.offset = offset, .count = count, .bytes = NULL};
    if (bytes != NULL) {
        change.bytes = malloc((size_t)count + 1);
        if (change.bytes == NULL) {
            return false;
        }
        memcpy(change.bytes, bytes, (size_t)count);
    }
    file->changes[file->change_count++] = change;
    return true;
}

bool disk_file_sync(disk_file *file) {
    bool is_done = true;
    for (size_t place = 0; place < file->change_count; place++) {
        is_done &= disk_apply(&file->synced, &file->size, &file->room, &file->changes[place]);
        free(file->changes[place].bytes);
    }
    file->change_count = 0;
    return is_done;
}

void disk_file_destroy(disk_file *file) {
    if (file == NULL) {
        return;
    }
    for (size_t place = 0; place < file->change_count; place++) {
        free(file->changes[place].bytes);
    }
    free(file->changes);
    free(file->synced);
    free(file->name);
    free(file);
}
