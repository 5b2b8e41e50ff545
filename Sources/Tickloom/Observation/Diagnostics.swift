internal import LoomCore
internal import LoomSystem
internal import Synchronization

/// Tells diagnostics to a sink, without ever waiting for it.
///
/// They go through a bounded queue to a thread that calls the sink; what finds no room is lost and
/// its number told later. A sink that never comes back keeps that thread and nothing else.
final class Diagnostics: Sendable {
  private let configuration: DiagnosticConfiguration
  private let limiter: Lock<RateLimiter>
  private let now: @Sendable () -> Int64
  private let queue: Channel<Diagnostic>
  private let sent = Atomic<Int>(0)
  /// How the sink fares.
  let sink = SinkState()

  /// Starts the sink's thread, where there is a sink.
  ///
  /// - Parameters:
  ///   - configuration: The sink, and what it is told.
  ///   - now: The monotonic time in nanoseconds.
  /// - Throws: ``LoomSystem/SystemError`` where no thread can be started.
  init(
    _ configuration: DiagnosticConfiguration,
    now: @escaping @Sendable () -> Int64 = { MonotonicClock.nanoseconds }
  ) throws(SystemError) {
    self.configuration = configuration
    self.now = now
    limiter = Lock(RateLimiter(perSecond: configuration.ratePerSecond))
    queue = Channel(capacity: configuration.queueCapacity)
    guard let sink = configuration.sink else { return }
    let (queue, state) = (queue, self.sink)
    try Worker(name: "tickloom-tell") {
      Self.deliver(queue, to: sink, state, now)
    }.detach()
  }

  // The thread ends by itself; it cannot be waited for, as its sink may hang.
  deinit { queue.close() }

  private static func deliver(
    _ queue: Channel<Diagnostic>, to sink: DiagnosticConfiguration.Sink, _ state: SinkState,
    _ now: @Sendable () -> Int64
  ) {
    var lostBefore = 0
    while let diagnostic = queue.receive() {
      state.begin(at: now())
      var failure: (any Error)?
      do {
        let lost = state.lostCount
        if lost > lostBefore {
          try sink(Self.loss(of: lost - lostBefore, at: now()))
          lostBefore = lost
        }
        try sink(diagnostic)
      } catch {
        failure = error
      }
      state.finish(failure)
    }
  }

  private static func loss(of count: Int, at moment: Int64) -> Diagnostic {
    Diagnostic(
      level: .warning, component: .diagnostics, message: "diagnostics lost",
      fields: [.init("count", count)], monotonicNanoseconds: moment)
  }

  /// Tells one, unless nobody listens, it matters too little, or there were too many of its kind.
  func tell(
    _ level: Diagnostic.Level, _ component: Diagnostic.Component, _ message: String,
    _ fields: @autoclosure () -> [Diagnostic.Field] = []
  ) {
    guard configuration.sink != nil, level >= configuration.levels[component] else { return }
    let moment = now()
    guard let left = limiter.withLock({ $0.pass(component, message, now: moment) }) else { return }
    let more: [Diagnostic.Field] = left > 0 ? [.init("suppressed", left)] : []
    send(
      Diagnostic(
        level: level, component: component, message: message, fields: fields() + more,
        monotonicNanoseconds: moment))
  }

  private func send(_ diagnostic: Diagnostic) {
    if queue.sendIfRoom(diagnostic) { sent.add(1, ordering: .relaxed) } else { sink.lose() }
  }

  /// Tells how many threads BLAS has.
  ///
  /// - Throws: ``LoomCore/CoreError/blasThreads`` where there are several, once the sink was told.
  func tellBLAS() throws(CoreError) {
    let threads = BLAS.threadCount
    if threads == 1 { return tell(.info, .blas, "set up", [.init("threads", 1)]) }
    tell(.error, .blas, "\(CoreError.blasThreads)", [.init("threads", threads)])
    flush()
    throw .blasThreads
  }

  /// Tells what was left out, and gives the sink so long to take everything; no longer, whatever it
  /// does.
  func flush(within nanoseconds: Int64 = 250_000_000) {
    guard configuration.sink != nil else { return }
    for (component, message, count) in limiter.withLock({ $0.takeSuppressed() }) {
      send(
        Diagnostic(
          level: .info, component: .diagnostics, message: "left out by their rate",
          fields: [
            .init("component", component.rawValue), .init("message", message),
            .init("count", count),
          ], monotonicNanoseconds: now()))
    }
    let (end, wanted) = (MonotonicClock.nanoseconds + nanoseconds, sent.load(ordering: .relaxed))
    var waiter = Waiter(.park)
    while sink.handledCount < wanted, MonotonicClock.nanoseconds < end { waiter.wait() }
  }
}
