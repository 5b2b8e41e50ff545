public import LoomCore
internal import LoomPublishing
public import LoomSystem

/// What an entry of a past version is made of: its rows, and ρ computed afresh from them.
public struct EntryExplanation: Sendable {
  /// The version, made again.
  public let version: VersionRebuild
  /// The name of one symbol.
  public let first: String
  /// The name of the other.
  public let second: String
  /// The rows that count for something, oldest first; where weights decay, those with either symbol.
  public let rows: [EntryRow]
  /// Joint rows before those, which weigh less than a rounding.
  public let olderJointRows: Int
  /// The entry as it was published, from the estimator's own state.
  public let published: CorrelationPair
  /// The entry computed from ``rows``.
  public let recomputed: EntryComputation

  /// Makes a version again and looks behind one of its entries.
  ///
  /// - Parameters:
  ///   - number: The number of the version.
  ///   - pair: The names of two symbols.
  ///   - path: The store, which may be being written.
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called on the calling thread now and then: how much is done, and inputs taken.
  /// - Returns: What is behind the entry.
  /// - Throws: ``RunError`` where there is no such version or symbol, or inputs before it are lost.
  /// - Complexity: O(inputs before it); in memory O(rows that count).
  public static func perform(
    _ number: UInt64, pair: (first: String, second: String), path: String,
    cancellation: Cancellation = Cancellation(), progress: (Double, Int) -> Void = { _, _ in }
  ) throws(RunError) -> EntryExplanation {
    let replay = try StoreReplay(path: path)
    let symbols = try replay.symbols(named: [pair.first, pair.second])
    let stored = try replay.stored(version: number)
    if replay.outline.retained.inputs > 0 {
      throw .store(.deletedInputs(path: path, through: replay.outline.retained.inputs))
    }
    let settings = try replay.settings()
    var consumer = EntryConsumer(number, symbols[0], symbols[1], settings)
    try replay.reach(version: number, into: &consumer, cancellation) { consumer, taken in
      progress(consumer.share, taken.ticks)
    }
    guard let version = consumer.version else { preconditionFailure("version \(number) is none") }
    let rows = consumer.explained
    let older = consumer.rows.forgottenJoint
    return EntryExplanation(
      version: try VersionRebuild(version, stored, replay), first: pair.first,
      second: pair.second, rows: rows, olderJointRows: older,
      published: consumer.pair,
      recomputed: EntryComputation(
        rows, olderJointRows: older,
        minimum: settings.correlation.minimumPeriods))
  }
}

extension EntryExplanation {
  /// How far ρ as published lies from ρ computed afresh; NaN where either is not defined.
  public var difference: Double { published.correlation - recomputed.correlation }

  /// The explanation as one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      version.write(to: &json)
      json.member("symbols", [first, second])
      json.member("correlation", published.correlation)
      json.member("n_eff", published.jointRows)
      json.member("effective_rows", published.effectiveRows)
      json.member("covariance", published.covariance)
      json.member("p_value", published.pValue)
      json.member("reason", published.reason.name)
      json.member("recomputed") { json in
        json.member("correlation", recomputed.correlation)
        json.member("n_eff", recomputed.jointRows)
        json.member("effective_rows", recomputed.effectiveRows)
        json.member("reason", recomputed.reason.name)
      }
      json.member("difference", difference)
      json.member("older_joint_rows", olderJointRows)
      json.array("rows", rows) { row, json in
        json.member("time", row.start.description)
        json.member("weight", row.weight)
        json.member("first") { Self.write(row.first, to: &$0) }
        json.member("second") { Self.write(row.second, to: &$0) }
      }
    }
    return json.finish()
  }

  private static func write(_ side: EntryRow.Side, to json: inout JSONText) {
    json.member("return", side.logReturn)
    guard let bar = side.bar?.bar else { return }
    json.member("close", bar.close)
    json.member("first_seq", Int(clamping: bar.firstSequence))
    json.member("last_seq", Int(clamping: bar.lastSequence))
    json.member("revision", Int(bar.revision))
  }
}

extension CorrelationReason {
  /// The name in JSON, for example `too_few_rows`.
  fileprivate var name: String {
    switch self {
    case .defined: "defined"
    case .tooFewRows: "too_few_rows"
    case .zeroVariance: "zero_variance"
    case .notActive: "not_active"
    }
  }
}
