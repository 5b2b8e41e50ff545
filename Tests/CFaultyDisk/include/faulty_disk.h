/// A disk under SQLite whose power can be cut: what was written and not synced is there in part only.
///
/// A layer between SQLite and the file system of the system, for the files of one folder. They are
/// written as ever, and reading finds what was written; beside them the layer knows what each file
/// would be on a disk that keeps nothing before it is told to sync, and what was written since. Files
/// elsewhere do not come near it.
///
/// Source of what a disk may do: the SQLite documentation, "Atomic Commit in SQLite", 2: a write may
/// be lost, come in any order and be torn at sectors, but changes no byte beside it.
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H
#include <stdbool.h>
#include <stdint.h>
#pragma clang assume_nonnull begin

typedef struct faulty_disk faulty_disk;

/// What the files are after a cut.
enum {
    /// The process was killed: the system has all that was written.
    FAULTY_DISK_KILLED = 0,
    /// The power was cut: all that was synced, and of the rest what the seed says.
    FAULTY_DISK_CUT = 1,
};

/// Takes over the files of a folder, which is given without a slash at its end.
///
/// From then on SQLite opens files through this layer, unless it is told to do otherwise. Before
/// everything that changes a file `before_change` is called on the same thread; it may ask for
/// survivors. Returns null where memory is short.
faulty_disk *_Nullable faulty_disk_create(
    const char *folder, void (*_Nullable before_change)(void *_Nullable context),
    void *_Nullable context);

/// Lets the folder go; no connection to a file in it may be open any more. Null is fine.
void faulty_disk_destroy(faulty_disk *_Nullable disk);

/// Has every `PRAGMA synchronous = …` for a file of the folder mean NORMAL, whatever it says.
void faulty_disk_weaken(faulty_disk *disk);

/// From now on nothing can be changed: every change is refused with `code` of SQLite's; 0 ends it.
void faulty_disk_refuse(faulty_disk *disk, int code);

/// How many changes and syncs there were.
uint64_t faulty_disk_changes(faulty_disk *disk);

/// Writes the files as they would be after a cut at this moment into another folder, in which none
/// of the same names may stand. False where that cannot be done.
///
/// kind: one of the above. seed: decides which of the changes that were not synced are there.
bool faulty_disk_survivors(faulty_disk *disk, int kind, uint64_t seed, const char *folder);

#pragma clang assume_nonnull end
#endif
