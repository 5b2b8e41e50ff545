#define _POSIX_C_SOURCE 200809L
#include "disk_private.h"
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/// An open file of ours, before the system's own.
typedef struct open_file {
    sqlite3_file base;
    faulty_disk *disk;
    disk_file *file;
    /// Whether its first sync is one of the folder, too: SQLite does so for logs.
    bool syncs_folder;
    sqlite3_file *system;
} open_file;

static sqlite3_vfs layer;
static sqlite3_vfs *system_vfs;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t disks_lock = PTHREAD_MUTEX_INITIALIZER;
static faulty_disk *_Nullable disks;

static faulty_disk *_Nullable disk_of(const char *_Nullable path) {
    faulty_disk *found = NULL;
    pthread_mutex_lock(&disks_lock);
    for (faulty_disk *disk = disks; path != NULL && found == NULL && disk != NULL;
         disk = disk->next) {
        size_t length = strlen(disk->folder);
        if (strncmp(path, disk->folder, length) == 0 && path[length] == '/'
            && strchr(path + length + 1, '/') == NULL) {
            found = disk;
        }
    }
    pthread_mutex_unlock(&disks_lock);
    return found;
}

/// Tells that something is about to change; SQLite's code where that is refused.
static int announce(faulty_disk *disk) {
    if (disk->before_change != NULL) {
        disk->before_change(disk->context);
    }
    pthread_mutex_lock(&disk->lock);
    disk->changes++;
    int refusal = disk->refusal;
    pthread_mutex_unlock(&disk->lock);
    return refusal;
}

/// The folder is synced: its entries are on the disk, and what has none there is gone.
static void sync_folder(faulty_disk *disk) {
    for (disk_file *file = disk->files; file != NULL; file = file->next) {
        file->is_linked_on_disk = file->is_linked;
    }
}

static int close_file(sqlite3_file *given) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xClose(file->system);
}

static int read_file(sqlite3_file *given, void *bytes, int count, sqlite3_int64 offset) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xRead(file->system, bytes, count, offset);
}

static int write_file(sqlite3_file *given, const void *bytes, int count, sqlite3_int64 offset) {
    open_file *file = (open_file *)given;
    int code = announce(file->disk);
    if (code == SQLITE_OK) {
        code = file->system->pMethods->xWrite(file->system, bytes, count, offset);
    }
    if (code != SQLITE_OK) {
        return code;
    }
    pthread_mutex_lock(&file->disk->lock);
    bool is_noted = disk_file_change(file->file, offset, count, bytes);
    pthread_mutex_unlock(&file->disk->lock);
    return is_noted ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

static int truncate_file(sqlite3_file *given, sqlite3_int64 size) {
    open_file *file = (open_file *)given;
    int code = announce(file->disk);
    if (code == SQLITE_OK) {
        code = file->system->pMethods->xTruncate(file->system, size);
    }
    if (code != SQLITE_OK) {
        return code;
    }
    pthread_mutex_lock(&file->disk->lock);
    bool is_noted = disk_file_change(file->file, size, 0, NULL);
    pthread_mutex_unlock(&file->disk->lock);
    return is_noted ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

// The system's disk is spared: it would only take time.
static int sync_file(sqlite3_file *given, int flags) {
    (void)flags;
    open_file *file = (open_file *)given;
    int code = announce(file->disk);
    if (code != SQLITE_OK) {
        return code;
    }
    pthread_mutex_lock(&file->disk->lock);
    bool is_synced = disk_file_sync(file->file);
    if (file->syncs_folder) {
        sync_folder(file->disk);
    }
    pthread_mutex_unlock(&file->disk->lock);
    file->syncs_folder = false;
    return is_synced ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

static int file_size(sqlite3_file *given, sqlite3_int64 *size) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xFileSize(file->system, size);
}

static int lock_file(sqlite3_file *given, int level) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xLock(file->system, level);
}

static int unlock_file(sqlite3_file *given, int level) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xUnlock(file->system, level);
}

static int check_lock(sqlite3_file *given, int *is_reserved) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xCheckReservedLock(file->system, is_reserved);
}

static int control_file(sqlite3_file *given, int operation, void *argument) {
    open_file *file = (open_file *)given;
    if (operation == SQLITE_FCNTL_PRAGMA && file->disk->is_weak) {
        char **words = argument;
        if (sqlite3_stricmp(words[1], "synchronous") == 0 && words[2] != NULL) {
            // SQLite goes on with the same word: 1 is NORMAL.
            memcpy(words[2], "1", strlen(words[2]) > 0 ? 2 : 0);
        }
    }
    return file->system->pMethods->xFileControl(file->system, operation, argument);
}

static int sector_size(sqlite3_file *given) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xSectorSize(file->system);
}

static int characteristics(sqlite3_file *given) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xDeviceCharacteristics(file->system);
}

static int map_shared(
    sqlite3_file *given, int page, int size, int extends, void volatile **address) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xShmMap(file->system, page, size, extends, address);
}

static int lock_shared(sqlite3_file *given, int offset, int count, int flags) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xShmLock(file->system, offset, count, flags);
}

static void order_shared(sqlite3_file *given) {
    open_file *file = (open_file *)given;
    file->system->pMethods->xShmBarrier(file->system);
}

static int unmap_shared(sqlite3_file *given, int is_to_go) {
    open_file *file = (open_file *)given;
    return file->system->pMethods->xShmUnmap(file->system, is_to_go);
}

// Version 2: nothing is mapped, so that every change comes through here.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = order_shared,
    .xShmUnmap = unmap_shared,
};

static disk_file *_Nullable find(const faulty_disk *disk, const char *name) {
    for (disk_file *file = disk->files; file != NULL; file = file->next) {
        if (file->is_linked && strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

/// A new file under a name; what is in it already is on the disk.
static disk_file *_Nullable add(faulty_disk *disk, const char *name, sqlite3_file *system) {
    disk_file *file = calloc(1, sizeof *file);
    char *copy = strdup(name);
    if (file == NULL || copy == NULL) {
        free(file);
        free(copy);
        return NULL;
    }
    file->name = copy;
    file->is_linked = true;
    sqlite3_int64 size = 0;
    if (system->pMethods->xFileSize(system, &size) == SQLITE_OK && size > 0) {
        file->synced = calloc(1, (size_t)size);
        if (file->synced == NULL
            || system->pMethods->xRead(system, file->synced, (int)size, 0) != SQLITE_OK) {
            disk_file_destroy(file);
            return NULL;
        }
        file->size = size;
        file->room = size;
        file->is_linked_on_disk = true;
    }
    file->next = disk->files;
    disk->files = file;
    return file;
}

static int open_named(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *given, int flags, int *out_flags) {
    (void)vfs;
    faulty_disk *disk = disk_of(path);
    if (disk == NULL) {
        return system_vfs->xOpen(system_vfs, path, given, flags, out_flags);
    }
    open_file *file = (open_file *)given;
    file->base.pMethods = NULL;
    if ((flags & SQLITE_OPEN_CREATE) != 0) {
        int refusal = announce(disk);
        if (refusal != SQLITE_OK) {
            return refusal;
        }
    }
    sqlite3_file *system = (sqlite3_file *)(file + 1);
    int code = system_vfs->xOpen(system_vfs, path, system, flags, out_flags);
    if (code != SQLITE_OK) {
        return code;
    }
    const char *name = strrchr(path, '/') + 1;
    pthread_mutex_lock(&disk->lock);
    disk_file *known = find(disk, name);
    known = known != NULL ? known : add(disk, name, system);
    pthread_mutex_unlock(&disk->lock);
    if (known == NULL) {
        system->pMethods->xClose(system);
        return SQLITE_NOMEM;
    }
    const int logs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    file->disk = disk;
    file->file = known;
    file->system = system;
    file->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & logs) != 0;
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int delete_named(sqlite3_vfs *vfs, const char *path, int syncs_folder) {
    (void)vfs;
    faulty_disk *disk = disk_of(path);
    if (disk != NULL) {
        int refusal = announce(disk);
        if (refusal != SQLITE_OK) {
            return refusal;
        }
    }
    int code = system_vfs->xDelete(system_vfs, path, disk == NULL && syncs_folder);
    if (disk == NULL || code != SQLITE_OK) {
        return code;
    }
    pthread_mutex_lock(&disk->lock);
    disk_file *file = find(disk, strrchr(path, '/') + 1);
    if (file != NULL) {
        file->is_linked = false;
    }
    if (syncs_folder) {
        sync_folder(disk);
    }
    pthread_mutex_unlock(&disk->lock);
    return SQLITE_OK;
}

static void register_layer(void) {
    system_vfs = sqlite3_vfs_find(NULL);
    layer = *system_vfs;
    layer.zName = "faulty-disk";
    layer.pNext = NULL;
    layer.szOsFile = system_vfs->szOsFile + (int)sizeof(open_file);
    layer.xOpen = open_named;
    layer.xDelete = delete_named;
    sqlite3_vfs_register(&layer, 1);
}

faulty_disk *faulty_disk_create(
    const char *folder, void (*before_change)(void *), void *context) {
    pthread_once(&once, register_layer);
    faulty_disk *disk = calloc(1, sizeof *disk);
    char *copy = strdup(folder);
    if (disk == NULL || copy == NULL) {
        free(disk);
        free(copy);
        return NULL;
    }
    disk->folder = copy;
    disk->before_change = before_change;
    disk->context = context;
    pthread_mutex_init(&disk->lock, NULL);
    pthread_mutex_lock(&disks_lock);
    disk->next = disks;
    disks = disk;
    pthread_mutex_unlock(&disks_lock);
    return disk;
}

void faulty_disk_destroy(faulty_disk *disk) {
    if (disk == NULL) {
        return;
    }
    pthread_mutex_lock(&disks_lock);
    for (faulty_disk **place = &disks; *place != NULL; place = &(*place)->next) {
        if (*place == disk) {
            *place = disk->next;
            break;
        }
    }
    pthread_mutex_unlock(&disks_lock);
    while (disk->files != NULL) {
        disk_file *file = disk->files;
        disk->files = file->next;
        disk_file_destroy(file);
    }
    pthread_mutex_destroy(&disk->lock);
    free(disk->folder);
    free(disk);
}

void faulty_disk_weaken(faulty_disk *disk) {
    disk->is_weak = true;
}

void faulty_disk_refuse(faulty_disk *disk, int code) {
    pthread_mutex_lock(&disk->lock);
    disk->refusal = code;
    pthread_mutex_unlock(&disk->lock);
}

uint64_t faulty_disk_changes(faulty_disk *disk) {
    pthread_mutex_lock(&disk->lock);
    uint64_t changes = disk->changes;
    pthread_mutex_unlock(&disk->lock);
    return changes;
}
