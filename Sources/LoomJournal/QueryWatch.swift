internal import CSQLite
internal import LoomSystem

/// Ends what a connection does when that is asked for.
final class QueryWatch: Sendable {
  private let cancellation: Cancellation
  /// Steps of SQLite's machine between two looks, a few microseconds.
  private static let steps: Int32 = 1000

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// Looks after `database`, which must not be used any more once this value is gone.
  func look(after database: borrowing Database) {
    unsafe sqlite3_progress_handler(
      database.handle, Self.steps,
      { context in
        guard let context = unsafe context else { return 0 }
        let watch = unsafe Unmanaged<QueryWatch>.fromOpaque(context)
        return unsafe watch._withUnsafeGuaranteedRef { $0.cancellation.isRequested ? 1 : 0 }
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
