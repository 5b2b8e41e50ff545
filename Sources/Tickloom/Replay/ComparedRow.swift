internal import LoomCore
internal import LoomJournal
internal import LoomSystem

/// A row of a store that can be made again from the inputs.
protocol ComparedRow {
  /// What tells it from the other rows of its table.
  associatedtype Key: Hashable
  var key: Key { get }

  /// The first column in which `stored` is not what this is, bit for bit; nil where there is none.
  func difference(from stored: Self, _ labels: RebuildLabels) -> String?

  /// What it is, for a person: `EURUSD at 2024-01-02T14:30:00.000000000Z`.
  func name(_ labels: RebuildLabels) -> String
}

/// The names behind the identifiers of a store's rows.
struct RebuildLabels {
  var symbols: [String]
  var features: [String]

  func name(of symbol: SymbolID, at start: Timestamp) -> String {
    let name = symbol.index < symbols.count ? symbols[symbol.index] : "symbol \(symbol.rawValue)"
    return "\(name) at \(start)"
  }
}

/// A bar or a row of features is known by its symbol and slot.
struct SlotKey: Hashable {
  var start: Timestamp
  var symbol: SymbolID
}

/// A rejected input.
struct RejectedInput: ComparedRow {
  var sequence: UInt64
  var reason: RejectReason?

  var key: UInt64 { sequence }

  func difference(from stored: RejectedInput, _ labels: RebuildLabels) -> String? {
    if reason == stored.reason { return nil }
    return "the reason is \(reason?.name ?? "none"), stored is \(stored.reason?.name ?? "none")"
  }

  func name(_ labels: RebuildLabels) -> String { "input \(sequence)" }
}

extension StoredVersion: ComparedRow {
  var key: UInt64 { number }

  func difference(from stored: StoredVersion, _ labels: RebuildLabels) -> String? {
    if time != stored.time { return "time_ns differs" }
    return hash == stored.hash ? nil : "hash differs"
  }

  func name(_ labels: RebuildLabels) -> String { "version \(number) at \(time)" }
}

extension StoredMatrix: ComparedRow {
  var key: UInt64 { version }

  func difference(from stored: StoredMatrix, _ labels: RebuildLabels) -> String? {
    if symbols != stored.symbols { return "symbols differs" }
    let isSame =
      correlations.count == stored.correlations.count
      && zip(correlations, stored.correlations).allSatisfy { $0.bitPattern == $1.bitPattern }
    if !isSame { return "correlation differs" }
    return jointRows == stored.jointRows ? nil : "n_eff differs"
  }

  func name(_ labels: RebuildLabels) -> String { "version \(version)" }
}

extension FeatureRow: ComparedRow {
  var key: SlotKey { SlotKey(start: start, symbol: symbol) }

  func difference(from stored: FeatureRow, _ labels: RebuildLabels) -> String? {
    for place in 0..<Int(count) where !values[place].isStored(as: stored.values[place]) {
      return labels.features[place].difference(values[place], stored.values[place])
    }
    return nil
  }

  func name(_ labels: RebuildLabels) -> String { labels.name(of: symbol, at: start) }
}

extension CleanBar: ComparedRow {
  var key: SlotKey { SlotKey(start: bar.start, symbol: bar.symbol) }

  func difference(from stored: CleanBar, _ labels: RebuildLabels) -> String? {
    let (one, other) = (bar, stored.bar)
    if let difference = priceDifference(from: stored) { return difference }
    if flags != stored.flags { return "is_outlier or valid_bar differs" }
    if one.source != other.source { return "source differs" }
    if one.tickCount != other.tickCount { return "tick_count differs" }
    if one.gapSlots != other.gapSlots { return "gap_slots differs" }
    if one.firstSequence != other.firstSequence { return "first_seq differs" }
    if one.lastSequence != other.lastSequence { return "last_seq differs" }
    return one.revision == other.revision ? nil : "revision differs"
  }

  private func priceDifference(from stored: CleanBar) -> String? {
    let (one, other) = (bar, stored.bar)
    let columns: [(String, Double, Double)] = [
      ("open", one.open, other.open), ("high", one.high, other.high), ("low", one.low, other.low),
      ("close", one.close, other.close), ("volume", one.volume, other.volume),
      ("log_return_1", logReturn, stored.logReturn),
      ("spread_estimate", one.spreadEstimate, other.spreadEstimate),
      ("vwap", one.vwap, other.vwap),
    ]
    let changed = columns.first { !$0.1.isStored(as: $0.2) }
    return changed.map { $0.0.difference($0.1, $0.2) }
  }

  func name(_ labels: RebuildLabels) -> String { labels.name(of: bar.symbol, at: bar.start) }
}

extension Double {
  /// Whether a store that was given this holds `stored`: NaN is NULL, and a zero has no sign there.
  fileprivate func isStored(as stored: Double) -> Bool {
    if isNaN || stored.isNaN { return isNaN && stored.isNaN }
    return self == 0 ? stored == 0 : bitPattern == stored.bitPattern
  }

  fileprivate var text: String { isNaN ? "empty" : "\(self)" }
}

extension String {
  /// What a column of this name should hold, and what it does.
  fileprivate func difference(_ made: Double, _ stored: Double) -> String {
    "\(self) is \(made.text), stored is \(stored.text)"
  }
}
