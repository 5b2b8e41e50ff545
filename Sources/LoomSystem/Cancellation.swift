internal import Glibc
internal import Synchronization

/// A request to stop, which long loops look at: made by a signal, or by whoever holds it.
///
/// Copies are the same request. Looking costs one load.
public struct Cancellation: Sendable {
  private let state = CancellationState()

  /// Creates a request that has not been made.
  public init() {}

  /// A request that Ctrl-C, SIGTERM or the end of the terminal (SIGHUP, unless `nohup` has it
  /// ignored) makes; the same signal a second time kills as usual.
  ///
  /// For executables, once, before they start a thread. It also obeys where a shell has the
  /// process ignore interrupts, as scripts do in the background: who sends one means it.
  public static func onInterrupt() -> Cancellation {
    let cancellation = Cancellation()
    let state = unsafe Unmanaged.passRetained(cancellation.state).toOpaque()
    // releasing: the handler acquires, and with it sees the state complete.
    interruptState.store(UInt(bitPattern: state), ordering: .releasing)
    for signal in [SIGINT, SIGTERM] { handle(signal) }
    if !Signals.isIgnored(SIGHUP) { handle(SIGHUP) }
    return cancellation
  }

  /// A gentler request that the next interrupt makes in place of that of ``onInterrupt()``.
  ///
  /// That one is made by the interrupt after it, and a third kills as usual. However often the
  /// terminal ends, it is one interrupt. For executables, once, after ``onInterrupt()`` and before
  /// they start a thread.
  public static func beforeInterrupt() -> Cancellation {
    let cancellation = Cancellation()
    let state = unsafe Unmanaged.passRetained(cancellation.state).toOpaque()
    // releasing: the handler acquires, and with it sees the state complete.
    gentleState.store(UInt(bitPattern: state), ordering: .releasing)
    for signal in [SIGINT, SIGTERM] { handle(signal, once: false) }
    if !Signals.isIgnored(SIGHUP) { handle(SIGHUP, once: false) }
    return cancellation
  }

  /// Whether it has been made.
  public var isRequested: Bool {
    // relaxed: nothing else is read because of it.
    state.reason.load(ordering: .relaxed) != 0
  }

  /// The signal that made it, for example 2 for Ctrl-C; nil while or where there is none.
  public var signal: Int32? {
    let reason = state.reason.load(ordering: .relaxed)
    return reason > 0 ? reason : nil
  }

  /// Makes it.
  public func request() { state.request(CancellationState.byHand) }

  /// Waits until `descriptor` can be read, has ended or has failed; false when it was cancelled.
  func wait(forInput descriptor: Int32) -> Bool { wait(for: POLLIN, on: descriptor) }

  /// Waits until `descriptor` takes `PIPE_BUF` bytes or has failed; false when it was cancelled.
  func wait(forOutput descriptor: Int32) -> Bool { wait(for: POLLOUT, on: descriptor) }

  /// What ended a wait.
  enum Outcome { case ready, elapsed, cancelled }

  /// Waits until `descriptor` can be read, has ended or has failed, until this or the `other` request
  /// is made, or until the time is over; a negative one never is.
  func wait(
    forInput descriptor: Int32, or other: Cancellation, milliseconds: Int32
  ) -> Outcome {
    var waiting = [descriptor, state.readEnd, other.state.readEnd].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while !isRequested, !other.isRequested {
      let count = unsafe poll(&waiting, 3, milliseconds)
      if count == 0 { return .elapsed }
      if count > 0, waiting[0].revents != 0 { return .ready }
    }
    return .cancelled
  }

  private func wait(for event: Int32, on descriptor: Int32) -> Bool {
    var waiting = [
      pollfd(fd: descriptor, events: Int16(event), revents: 0),
      pollfd(fd: state.readEnd, events: Int16(POLLIN), revents: 0),
    ]
    while !isRequested {
      if unsafe poll(&waiting, 2, -1) < 0 { continue }
      if waiting[0].revents != 0 { return true }
    }
    return false
  }

  private static func handle(_ signal: Int32, once: Bool = true) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { interruptHandler($0) }
    action.sa_flags = once ? Int32(bitPattern: UInt32(SA_RESETHAND)) : 0
    unsafe sigaction(signal, &action, nil)
    Signals.unblock(signal)
  }
}

/// What the copies of a ``Cancellation`` share.
final class CancellationState: Sendable {
  static let byHand: Int32 = -1
  /// 0 until it is made, then the signal or `byHand`.
  let reason = Atomic<Int32>(0)
  /// The ends of a pipe that has something to read once it is made.
  let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    unsafe pipe(&ends)
    for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Makes it, unless it was made before; may be called by a signal handler.
  @discardableResult
  func request(_ reason: Int32) -> Bool {
    // relaxed: nothing else is read because of it.
    let (isFirst, _) = self.reason.compareExchange(
      expected: 0, desired: reason, ordering: .relaxed)
    guard isFirst else { return false }
    var byte: UInt8 = 1
    unsafe write(writeEnd, &byte, 1)
    return true
  }
}

/// The address of the state that signals go to, 0 where there is none.
private let interruptState = Atomic<UInt>(0)
/// The address of the state that the first signal goes to, 0 where there is none.
private let gentleState = Atomic<UInt>(0)

private func interruptHandler(_ signal: Int32) {
  let code = errno
  defer { errno = code }
  // acquiring: pairs with the store in `beforeInterrupt`.
  let gentle = gentleState.load(ordering: .acquiring)
  if request(gentle, signal) { return }
  // A terminal that goes is told of by the kernel and by the shell, which is one wish, not two.
  if gentle != 0, signal == SIGHUP { return }
  // acquiring: pairs with the store in `onInterrupt`.
  _ = request(interruptState.load(ordering: .acquiring), signal)
  if gentle != 0 { Glibc.signal(signal, SIG_DFL) }
}

/// Makes the request at `address`; false where there is none, or it was made before.
private func request(_ address: UInt, _ signal: Int32) -> Bool {
  guard let state = unsafe UnsafeRawPointer(bitPattern: address) else { return false }
  return unsafe Unmanaged<CancellationState>.fromOpaque(state)._withUnsafeGuaranteedRef {
    $0.request(signal)
  }
}
