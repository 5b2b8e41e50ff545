/// A bounded queue between threads that waits: for batches, where a hand-over may cost a microsecond.
///
/// Any number of threads may send and receive. Elements are moved, never copied, so that an array
/// keeps its memory on the way and can travel back empty through a second channel.
@safe
public final class Channel<Element: ~Copyable>: @unchecked Sendable {
  // Safe to share: all state is touched with the lock held, and elements are sent, not shared.
  private let monitor = Monitor()
  private let slots: UnsafeMutablePointer<Element>
  private let capacity: Int
  private var first = 0
  private var count = 0
  private var isClosed = false

  /// Creates an empty channel that holds at most `capacity` elements, which is positive.
  public init(capacity: Int) {
    precondition(capacity > 0, "a channel of \(capacity) elements")
    self.capacity = capacity
    unsafe slots = .allocate(capacity: capacity)
  }

  deinit {
    while count > 0 { _ = takeFirst() }
    unsafe slots.deallocate()
  }

  /// Hands over an element, waiting while the channel is full; false, and it is gone, once closed.
  @discardableResult
  public func send(_ element: consuming sending Element) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    while count == capacity && !isClosed { monitor.wait() }
    if isClosed { return false }
    unsafe (slots + (first + count) % capacity).initialize(to: element)
    count += 1
    monitor.wakeAll()
    return true
  }

  /// Hands over an element if there is room; false, and it is gone, where there is none.
  @discardableResult
  public func sendIfRoom(_ element: consuming sending Element) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    if count == capacity || isClosed { return false }
    unsafe (slots + (first + count) % capacity).initialize(to: element)
    count += 1
    monitor.wakeAll()
    return true
  }

  /// Takes the oldest element, waiting for one; nil once the channel is closed and empty.
  public func receive() -> sending Element? {
    monitor.lock()
    defer { monitor.unlock() }
    while count == 0 && !isClosed { monitor.wait() }
    if count == 0 { return nil }
    monitor.wakeAll()
    return takeFirst()
  }

  /// Takes the oldest element, waiting for one until `deadline`, in nanoseconds of
  /// ``MonotonicClock``; nil where none came, or the channel is closed and empty.
  public func receive(until deadline: Int64) -> sending Element? {
    monitor.lock()
    defer { monitor.unlock() }
    while count == 0, !isClosed, MonotonicClock.nanoseconds < deadline {
      monitor.wait(until: deadline)
    }
    if count == 0 { return nil }
    monitor.wakeAll()
    return takeFirst()
  }

  /// Takes the oldest element if there is one.
  public func receiveIfReady() -> sending Element? {
    monitor.lock()
    defer { monitor.unlock() }
    if count == 0 { return nil }
    monitor.wakeAll()
    return takeFirst()
  }

  /// Ends it: nothing more can be sent, what was sent can still be received, nobody waits any more.
  public func close() {
    monitor.lock()
    isClosed = true
    monitor.wakeAll()
    monitor.unlock()
  }

  private func takeFirst() -> sending Element {
    let element = unsafe (slots + first).move()
    first = (first + 1) % capacity
    count -= 1
    return element
  }
}
