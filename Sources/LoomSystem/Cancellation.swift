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
    if !isIgnored(SIGHUP) { handle(SIGHUP) }
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

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(signal, nil, &action)
    let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return unsafe handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func handle(_ signal: Int32) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { interruptHandler($0) }
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
    unsafe sigaction(signal, &action, nil)
    // Whoever started the process may have had it blocked, and a blocked signal never arrives.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, signal)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
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

  /// Makes it; may be called by a signal handler.
  func request(_ reason: Int32) {
    // relaxed: nothing else is read because of it.
    let (isFirst, _) = self.reason.compareExchange(
      expected: 0, desired: reason, ordering: .relaxed)
    guard isFirst else { return }
    var byte: UInt8 = 1
    unsafe write(writeEnd, &byte, 1)
  }
}

/// The address of the state that signals go to, 0 where there is none.
private let interruptState = Atomic<UInt>(0)

private func interruptHandler(_ signal: Int32) {
  // acquiring: pairs with the store in `onInterrupt`.
  let address = interruptState.load(ordering: .acquiring)
  guard let state = unsafe UnsafeRawPointer(bitPattern: address) else { return }
  let code = errno
  unsafe Unmanaged<CancellationState>.fromOpaque(state)._withUnsafeGuaranteedRef {
    $0.request(signal)
  }
  errno = code
}
