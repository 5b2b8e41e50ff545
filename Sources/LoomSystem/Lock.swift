/// A value that one thread at a time may touch.
///
/// As Synchronization's `Mutex`, which the thread sanitizer does not see on Linux: it would take
/// every two threads for a race.
@safe
public final class Lock<Value: ~Copyable>: @unchecked Sendable {
  // Safe to share: the value is touched with the lock held, and was handed over to be kept here.
  private let monitor = Monitor()
  private let value: UnsafeMutablePointer<Value>

  /// Takes over `value`.
  public init(_ value: consuming sending Value) {
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  deinit {
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Lets `body` change the value, waiting while another thread does.
  public func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    monitor.lock()
    defer { monitor.unlock() }
    return try unsafe body(&value.pointee)
  }
}
