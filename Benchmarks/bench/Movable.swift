import Synchronization

/// A noncopyable value on its way to a thread, whose closure cannot own it.
final class Movable<Value: ~Copyable & Sendable>: Sendable {
  private let value: Mutex<Value?>

  init(_ value: consuming Value) { self.value = Mutex(value) }

  /// The value; once.
  func take() -> Value {
    let taken = value.withLock { $0.take() }
    guard let taken else { preconditionFailure("taken twice") }
    return taken
  }
}
