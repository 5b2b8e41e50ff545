internal import LoomCore
public import LoomJournal
public import LoomPublishing
public import LoomSystem

/// A version of the correlation matrix, made again from the inputs of a store.
public struct VersionRebuild: Sendable {
  /// The version as the inputs give it.
  public let version: CorrelationSnapshot
  /// The names of its symbols.
  public let symbols: [String]
  /// What the store says of it.
  public let stored: StoredVersion
  /// Whether the matrix is the one that the store has kept, bit for bit; nil where it kept none.
  public let isKeptMatrix: Bool?
  /// The settings of the run.
  public let configuration: PipelineConfiguration

  /// Whether it is the version that was published: its hash and time, and its matrix where kept.
  public var isEqual: Bool {
    stored.hash == version.hash && stored.time == version.start && isKeptMatrix != false
  }

  /// Makes a version again.
  ///
  /// - Parameters:
  ///   - number: Its number.
  ///   - path: The store, which may be being written.
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called on the calling thread now and then: how much is done, and inputs taken.
  /// - Returns: The version and what is stored of it.
  /// - Throws: ``RunError`` where there is no such version, or inputs before it are lost.
  /// - Complexity: O(inputs between the last snapshot before it and the version).
  public static func perform(
    _ number: UInt64, path: String, cancellation: Cancellation = Cancellation(),
    progress: (Double, Int) -> Void = { _, _ in }
  ) throws(RunError) -> VersionRebuild {
    var replay = try StoreReplay(path: path)
    let stored = try replay.stored(version: number)
    try replay.beginBefore(version: number)
    var consumer = VersionConsumer(number, after: replay.start?.versions ?? 0)
    try replay.reach(version: number, into: &consumer, cancellation) { consumer, taken in
      progress(consumer.share, taken.ticks)
    }
    guard let version = consumer.version else { preconditionFailure("version \(number) is none") }
    return try VersionRebuild(version, stored, replay)
  }

  init(
    _ version: CorrelationSnapshot, _ stored: StoredVersion, _ replay: StoreReplay
  ) throws(RunError) {
    self.version = version
    self.stored = stored
    symbols = (0..<version.symbolCount).map { place in
      place < replay.outline.symbols.count ? replay.outline.symbols[place] : ""
    }
    configuration = try replay.settings()
    do throws(JournalError) {
      let kept = try StoreOutline.matrix(of: version.number, path: replay.path)
      let labels = RebuildLabels(symbols: [], features: [])
      isKeptMatrix = kept.map { StoredMatrix(version).difference(from: $0, labels) == nil }
    } catch {
      throw .store(error)
    }
  }
}

/// Waits for a version.
struct VersionConsumer: ReplayConsumer {
  private let number: UInt64
  /// The last one before the first that comes.
  private let start: UInt64
  private var latest: UInt64
  private(set) var version: CorrelationSnapshot?

  init(_ number: UInt64, after start: UInt64 = 0) {
    self.number = number
    (self.start, latest) = (start, start)
  }

  /// How many of the versions up to that one there are already, of 1.
  var share: Double {
    Double(max(latest, start) - start) / Double(max(1, number - start))
  }

  mutating func take(version: borrowing HeldVersion) throws {
    latest = version.number
    if latest < number { return }
    self.version = version.snapshot()
    throw ReplayStop()
  }
}

extension VersionRebuild {
  /// Writes the matrix as `correlation.csv` of an export has it.
  ///
  /// - Throws: ``LoomSystem/SystemError``; then no file stands under the name.
  public func write(to path: String) throws(SystemError) {
    let file = try OutputFile(path: path)
    let written = try MatrixTable.write(file, names: symbols) { row, column, text in
      text.append(version.correlations[place(row, column)])
    }
    try written.commit()
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    version.place(SymbolID(rawValue: UInt32(row)), SymbolID(rawValue: UInt32(column)))
  }

  /// The version as one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      write(to: &json)
      json.member("symbols", symbols)
      json.matrix("correlation", count: symbols.count) { row, column, text in
        let value = version.correlations[place(row, column)]
        if value.isNaN { text.append("null") } else { text.append(value) }
      }
      json.matrix("n_eff", count: symbols.count) { row, column, text in
        text.append(Int64(version.jointCounts[place(row, column)]))
      }
    }
    return json.finish()
  }

  /// Writes the members that name the version.
  func write(to json: inout JSONText) {
    json.member("version", Int(clamping: version.number))
    json.member("time", version.start.description)
    json.member("hash", version.hash.description)
    json.member("stored_hash", stored.hash?.description ?? "")
    json.member("verdict", isEqual ? "equal" : "different")
    json.member("estimator", configuration.estimatorText)
    json.member("min_periods", configuration.correlation.minimumPeriods)
  }
}
