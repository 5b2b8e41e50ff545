internal import CSQLite
internal import Glibc

/// Why a store could not be made, written or read.
public enum JournalError: Error, Hashable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// Something stands at the path of a new file.
  case exists(path: String)
  /// The file exists and is something else.
  case notAStore(path: String)
  /// The store was written by a newer Tickloom; `format` is the number of its format.
  case newerStore(path: String, format: Int)
  /// The store was written by a Tickloom that did not keep the inputs.
  case holdsNoInputs(path: String)
  /// The store was written by an older Tickloom, and no run can go on in it.
  case olderStore(path: String, format: Int)
  /// The store holds a run of which inputs are missing, so that it cannot go on.
  case lacksInputs(path: String)
  /// What is asked needs inputs that the retention of the store has deleted: those up to `through`.
  case deletedInputs(path: String, through: UInt64)
  /// The store was made by an older Tickloom, without the map of its pages that giving some back needs.
  case hasNoMap(path: String)
  /// The run in the store has another configuration; each setting that differs, as it is there and as
  /// it was asked for.
  case otherRun(path: String, kept: String, asked: String)
  /// The store holds a run that was finished.
  case holdsRun(path: String)
  /// The store holds a run that was interrupted: its batches up to then.
  case holdsUnfinishedRun(path: String)
  /// Another program is writing it.
  case inUse(path: String)
  /// Inputs are not what was written: those of `sequences` are lost, and what follows was not read.
  case damaged(path: String, sequences: ClosedRange<UInt64>, reason: String)
  /// A setting is out of range.
  case option(field: String, value: String, allowed: String)
  /// The journal was closed before.
  case closed
  /// The input came while nothing could be kept, and was left out.
  case notKept(sequence: UInt64)
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// It was to be stopped.
  case cancelled
  /// Memory is short.
  case outOfMemory
  /// SQLite or the file system refused; `code` is SQLite's extended result code, `systemCode` the
  /// `errno` behind it or 0.
  case failed(path: String, code: Int32, message: String, systemCode: Int32)
}

extension JournalError: CustomStringConvertible {
  /// One line: what was wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let path): "there is no store \(path); check the spelling"
    case .exists(let path): "\(path) exists already; name a new file"
    case .unreadable(let path, let reason): "cannot read the store \(path): \(reason)"
    case .notAStore(let path):
      "\(path) is not a Tickloom store; name a new file or remove this one"
    case .newerStore(let path, let format):
      "\(path) has format \(format) of a newer Tickloom (this one writes \(StoreSchema.format)); "
        + "update Tickloom or name a new file"
    case .holdsNoInputs(let path):
      "\(path) was written by an older Tickloom, which kept no inputs; run again from the source"
    case .olderStore(let path, let format):
      "\(path) has format \(format) of an older Tickloom, and its run cannot go on; "
        + "tickloom replay makes a new store of its inputs"
    case .lacksInputs(let path):
      "\(path) was recovered and lacks inputs, so that its run cannot go on; "
        + "tickloom verify tells which, run again from the source"
    case .deletedInputs(let path, let last):
      "\(path) does not hold the inputs 1 to \(last) any more, which --keep has deleted; this needs "
        + "all of them"
    case .hasNoMap(let path):
      "\(path) was made by an older Tickloom, whose stores give no space back; "
        + "tickloom replay makes a new store of its inputs"
    case .otherRun(let path, let kept, let asked):
      "\(path) holds a run with \(kept), not \(asked); give the same options or name a new file"
    case .holdsRun(let path):
      "\(path) already holds a run; name a new file, remove this one, "
        + "or go on in it with --resume"
    case .holdsUnfinishedRun(let path):
      "\(path) holds a run that was interrupted, with its results up to then; "
        + "go on in it with --resume, or name a new file"
    case .inUse(let path):
      "\(path) is being written by another program; wait for its end or name a new file"
    case .damaged(let path, let sequences, let reason):
      "\(path): the inputs \(sequences.lowerBound) to \(sequences.upperBound) are damaged: \(reason); "
        + "restore the file from a backup"
    case .option(let field, let value, let allowed): "\(field) is \(value); allowed is \(allowed)"
    case .notKept(let sequence):
      "input \(sequence) came while nothing could be kept, and was left out"
    case .closed: "the journal was closed before"
    case .cancelled: "interrupted before the end"
    case .outOfMemory: "memory is short; close other programs"
    case .failed(let path, let code, let message, let systemCode):
      Self.failure(path, code, message, systemCode)
    }
  }

  static func reason(_ message: String, _ systemCode: Int32) -> String {
    systemCode == 0 ? message : unsafe String(cString: strerror(systemCode))
  }

  private static func failure(
    _ path: String, _ code: Int32, _ message: String, _ systemCode: Int32
  ) -> String {
    let reason = reason(message, systemCode)
    let advice =
      switch (code & 0xFF, systemCode) {
      case (SQLITE_FULL, _), (_, ENOSPC), (_, EDQUOT):
        "free some space on its file system, or choose another folder"
      case (_, ENOENT): "create its folder first"
      case (_, EISDIR): "it is a folder, name a file"
      case (_, EROFS): "its file system is read-only, choose another folder"
      case (SQLITE_READONLY, _), (SQLITE_PERM, _), (_, EACCES), (_, EPERM):
        "choose a file and a folder you may write to"
      case (_, EFBIG): "a limit on the size of files is set, see ulimit -f"
      case (SQLITE_CORRUPT, _): "the file is damaged, remove it or name a new one"
      default: "SQLite's code is \(code)"
      }
    return "cannot write the store \(path): \(reason); \(advice)"
  }
}
