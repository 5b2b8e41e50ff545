internal import LoomCore
internal import LoomFeatures
internal import LoomSystem
internal import Synchronization

/// What is wrong with an engine: noted where it begins and ends, on any thread, and told.
///
/// Nothing here is called while all is well.
final class EngineWatch: Sendable {
  private struct Entry {
    let trouble: EngineHealth.Trouble
    let symbol: SymbolID?
  }

  private let diagnostics: Diagnostics
  private let names: Lock<[String]>
  private let entries = Lock<[Entry]>([])
  private let journalFails = Atomic(false)

  init(_ diagnostics: Diagnostics, symbols: [String]) {
    self.diagnostics = diagnostics
    names = Lock(symbols)
  }

  /// A symbol has joined; its identifier is the next.
  func add(_ name: String) { names.withLock { $0.append(name) } }

  /// The name of a symbol; nil where there is none.
  func name(of symbol: SymbolID) -> String? {
    names.withLock { symbol.index < $0.count ? $0[symbol.index] : nil }
  }

  // MARK: What begins and ends

  func overflowBegan(_ symbol: SymbolID, count: UInt64, at clock: Timestamp) {
    let fields = [field(symbol), Diagnostic.Field("count", count)]
    begin(.feed, "overflow", fields, symbol, clock)
    diagnostics.tell(.warning, .feed, "overflow begins", fields)
  }

  func overflowEnded(_ symbol: SymbolID, count: UInt64) {
    entries.withLock { entries in
      entries.removeAll { $0.symbol == symbol && $0.trouble.component == .feed }
    }
    diagnostics.tell(
      .warning, .feed, "overflow ends", [field(symbol), Diagnostic.Field("count", count)])
  }

  func featureFailed(_ failure: FeatureFailure, _ symbol: SymbolID) {
    let fields = [
      field(symbol), Diagnostic.Field("feature", failure.name),
      Diagnostic.Field("reason", failure.reason), Diagnostic.Field("bar", failure.start),
    ]
    begin(.feature, "a feature threw and is NaN from now on", fields, symbol, failure.start)
    diagnostics.tell(.error, .feature, "a feature threw and is NaN from now on", fields)
  }

  func consumerFailed(_ error: any Error, at clock: Timestamp) {
    let fields = [Diagnostic.Field("reason", "\(error)")]
    begin(.consumer, "it threw and is not called any more", fields, nil, clock)
    diagnostics.tell(.error, .consumer, "it threw and is not called any more", fields)
  }

  func halted(_ reason: String) {
    let fields = [Diagnostic.Field("reason", reason)]
    begin(.engine, "halted", fields, nil, nil)
    diagnostics.tell(.error, .engine, "halted", fields)
  }

  /// The engine goes on in a store, of whose end `cut` was damaged.
  func resumed(_ path: String, behind sequence: UInt64, cut: ClosedRange<UInt64>?) {
    let fields = [Diagnostic.Field("store", path), Diagnostic.Field("behind", sequence)]
    diagnostics.tell(.info, .journal, "goes on", fields)
    guard let cut else { return }
    let lost = [
      Diagnostic.Field("store", path), Diagnostic.Field("first", cut.lowerBound),
      Diagnostic.Field("last", cut.upperBound),
    ]
    diagnostics.tell(.warning, .journal, "damaged inputs at its end were cut off", lost)
  }

  /// Whether it was noted that nothing can be kept.
  var isJournalFailing: Bool {
    // Relaxed, all: only the thread of the cycle asks and notes.
    journalFails.load(ordering: .relaxed)
  }

  /// Nothing can be kept; whether no tick is taken for that, or they go on unkept.
  func journalFailed(_ reason: String, isHalting: Bool) {
    journalFails.store(true, ordering: .relaxed)
    let fields = [Diagnostic.Field("reason", reason)]
    let message = isHalting ? Self.isHalting : Self.isUnkept
    begin(.journal, message, fields, nil, nil)
    diagnostics.tell(.error, .journal, message, fields)
  }

  /// Inputs are kept again; so many went on unkept.
  func journalRecovered(unkept: UInt64) {
    journalFails.store(false, ordering: .relaxed)
    entries.withLock { $0.removeAll { $0.trouble.component == .journal } }
    let fields = [Diagnostic.Field("unkept", unkept)]
    diagnostics.tell(.warning, .journal, "inputs are kept again", fields)
    if unkept > 0 { begin(.journal, "inputs went on unkept", fields, nil, nil) }
  }

  private static let isHalting = "nothing can be kept, so no tick is taken"
  private static let isUnkept = "nothing can be kept, and ticks go on without"

  func started(shards: Int) {
    diagnostics.tell(.info, .engine, "started", [Diagnostic.Field("shards", shards)])
  }

  /// The last there is to tell, and a moment for the sink to take it.
  func stopped(ticks: UInt64, versions: UInt64) {
    diagnostics.tell(
      .info, .engine, "stopped",
      [Diagnostic.Field("ticks", ticks), Diagnostic.Field("versions", versions)])
    diagnostics.flush()
  }

  // MARK: How it is

  /// What is wrong now: what was noted, and what others say of the sink and of the readers.
  func health(
    _ state: FeedSwitch.State, versions: VersionReader, bars: BarReader?, cut: BarReader?
  ) -> EngineHealth {
    let now = MonotonicClock.nanoseconds
    let noted = entries.withLock { entries in entries.map(\.trouble) }
    let readers =
      Self.spent("versions", versions.held, of: versions.holders, now)
      + Self.spent("tables of bars", bars?.held ?? 0, of: bars?.holders ?? .max, now)
      + Self.spent("cuts", cut?.held ?? 0, of: cut?.holders ?? .max, now)
    let troubles = noted + sinkTroubles(now) + readers + Self.threads(now)
    let overall: EngineHealth.State =
      switch state {
      case .stopped: .stopped
      case .halted: .halted
      case .open: troubles.isEmpty ? .ok : .degraded
      }
    return EngineHealth(state: overall, troubles: troubles, monotonicNanoseconds: now)
  }

  /// What is wrong where nobody else may hold any of these.
  private static func spent(
    _ name: String, _ held: Int, of holders: Int, _ now: Int64
  ) -> [EngineHealth.Trouble] {
    if held < holders { return [] }
    return [
      EngineHealth.Trouble(
        component: .reader, message: "as many \(name) are held as may be",
        fields: [Diagnostic.Field("holders", holders)], monotonicNanoseconds: now,
        marketTime: nil)
    ]
  }

  /// What is wrong where OpenBLAS was given more threads.
  private static func threads(_ now: Int64) -> [EngineHealth.Trouble] {
    if BLAS.threadCount == 1 { return [] }
    return [
      EngineHealth.Trouble(
        component: .blas, message: "numbers may depend on its threads",
        fields: [Diagnostic.Field("threads", BLAS.threadCount)], monotonicNanoseconds: now,
        marketTime: nil)
    ]
  }

  private func sinkTroubles(_ now: Int64) -> [EngineHealth.Trouble] {
    let sink = diagnostics.sink
    var troubles: [EngineHealth.Trouble] = []
    func add(_ message: String, _ fields: [Diagnostic.Field], since: Int64) {
      troubles.append(
        EngineHealth.Trouble(
          component: .diagnostics, message: message, fields: fields,
          monotonicNanoseconds: since, marketTime: nil))
    }
    // Longer than a person would call a moment.
    if let since = sink.busy, now - since > 1_000_000_000 {
      add("the sink hangs", [], since: since)
    }
    if sink.lostCount > 0 {
      add("some found no room", [Diagnostic.Field("count", sink.lostCount)], since: now)
    }
    if let error = sink.lastError {
      add("the sink threw", [Diagnostic.Field("reason", error)], since: now)
    }
    return troubles
  }

  private func begin(
    _ component: Diagnostic.Component, _ message: String, _ fields: [Diagnostic.Field],
    _ symbol: SymbolID?, _ clock: Timestamp?
  ) {
    let trouble = EngineHealth.Trouble(
      component: component, message: message, fields: fields,
      monotonicNanoseconds: MonotonicClock.nanoseconds,
      marketTime: clock == .distantPast ? nil : clock)
    entries.withLock { $0.append(Entry(trouble: trouble, symbol: symbol)) }
  }

  private func field(_ symbol: SymbolID) -> Diagnostic.Field {
    Diagnostic.Field("symbol", name(of: symbol) ?? "\(symbol.index)")
  }
}
