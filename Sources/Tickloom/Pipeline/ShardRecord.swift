package import LoomCore
package import LoomNormalization

/// What a shard puts out: a bar with its feature row, a part of a correction, or the end of a batch.
package struct ShardRecord: BitwiseCopyable, Sendable {
  /// What it is; bars that have the same cause come in the order of these.
  enum Kind: UInt64, BitwiseCopyable, Sendable {
    /// A bar before a late tick; the next record is what it has become.
    case superseded
    /// A bar that a late tick has made or changed.
    case revisedBar
    /// A feature row that a late tick has changed.
    case revisedRow
    /// A bar that an input of its own symbol has closed.
    case closedByTick
    /// A bar that the market clock has closed.
    case closedByClock
    /// Everything that a batch had for this shard is out; its clock is the start of the bar.
    case batchEnd
  }

  var bar: CleanBar
  /// Of no values where the bar is not valid.
  var row: FeatureRow
  var kind: Kind

  init(bar: CleanBar, row: FeatureRow, kind: Kind) {
    self.bar = bar
    self.row = row
    self.kind = kind
  }

  /// The end of a batch, with the market clock at `clock`.
  package init(end clock: Timestamp) {
    let bar = Bar(start: clock, symbol: .unknown, open: .nan, high: .nan, low: .nan, close: .nan)
    self.init(
      bar: CleanBar(bar: bar), row: FeatureRow(start: clock, symbol: .unknown, count: 0),
      kind: .batchEnd)
  }

  /// Whether it is a part of a correction, with which a batch begins.
  var isCorrection: Bool { kind.rawValue <= Kind.revisedRow.rawValue }

  /// Whether `self` comes before `other`, as it would where one thread did it all.
  func precedes(_ other: ShardRecord) -> Bool {
    let (one, two) = (bar.bar, other.bar.bar)
    return (one.causeSequence, kind.rawValue, one.symbol)
      < (two.causeSequence, other.kind.rawValue, two.symbol)
  }
}

/// What goes to a shard beside its ticks, as records without a symbol.
extension PricedTick {
  private static var clockKind: SourceID { SourceID(rawValue: 0) }
  private static var batchEndKind: SourceID { SourceID(rawValue: 1) }
  private static var snapshotKind: SourceID { SourceID(rawValue: 2) }

  /// The market clock has reached `clock` with the input `cause`.
  package static func clockMark(_ clock: Timestamp, cause: UInt64) -> PricedTick {
    PricedTick(
      time: clock, symbol: .unknown, price: .nan, sequence: cause, marketClock: clock,
      source: clockKind)
  }

  /// A batch ends here, with the market clock at `clock`.
  package static func batchEnd(_ clock: Timestamp) -> PricedTick {
    PricedTick(
      time: clock, symbol: .unknown, price: .nan, sequence: 0, marketClock: clock,
      source: batchEndKind)
  }

  /// The shard is to post the states of its symbols, `count` of them; nothing is under way.
  static func snapshotMark(_ count: Int) -> PricedTick {
    PricedTick(
      time: .distantPast, symbol: .unknown, price: .nan, sequence: UInt64(count),
      source: snapshotKind)
  }

  var isMark: Bool { symbol == .unknown }

  var isBatchEnd: Bool { isMark && source == Self.batchEndKind }

  var isSnapshot: Bool { isMark && source == Self.snapshotKind }
}
