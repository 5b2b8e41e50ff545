import CFaultyDisk
import Foundation
import Synchronization

/// The folder of a store on a disk whose power can be cut at any change.
///
/// Safe to send: what changes is guarded by the lock, and the disk guards itself.
@safe
final class FaultyDisk: @unchecked Sendable {
  /// What is left of the files.
  enum Kind: Int32 {
    /// All that was written.
    case killed
    /// All that was synced, and some of the rest.
    case cut
  }

  let folder: StoreFolder
  var store: String { folder.store }
  private let handle: OpaquePointer
  private let hook = Hook()

  private final class Hook: Sendable {
    let body = Mutex<(@Sendable () -> Void)?>(nil)

    func call() { body.withLock { $0 }?() }
  }

  init() throws {
    folder = try StoreFolder()
    let created = unsafe faulty_disk_create(
      folder.path,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Hook>.fromOpaque(context).takeUnretainedValue().call()
      }, Unmanaged.passUnretained(hook).toOpaque())
    guard let created = unsafe created else { throw CocoaError(.fileWriteUnknown) }
    unsafe handle = created
  }

  deinit { unsafe faulty_disk_destroy(handle) }

  var changes: Int { unsafe Int(faulty_disk_changes(handle)) }

  /// Has it called before each change, on the thread that changes something.
  func beforeEachChange(_ body: (@Sendable () -> Void)?) { hook.body.withLock { $0 = body } }

  /// Has the store wait for the disk no more than `PRAGMA synchronous = NORMAL` does.
  func weaken() { unsafe faulty_disk_weaken(handle) }

  /// Refuses every change from now on, with a code of SQLite's; 0 ends it.
  func refuseChanges(_ code: Int32) { unsafe faulty_disk_refuse(handle, code) }

  /// The files as they would be after a cut right now, in a folder of their own.
  func survivors(_ kind: Kind, seed: UInt64) throws -> StoreFolder {
    let folder = try StoreFolder()
    guard unsafe faulty_disk_survivors(handle, kind.rawValue, seed, folder.path) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return folder
  }
}
