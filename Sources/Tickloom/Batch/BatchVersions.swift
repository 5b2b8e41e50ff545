internal import LoomCore
internal import LoomPublishing
internal import LoomSystem

/// Joins the bars of all symbols by time and publishes the versions over them.
struct BatchVersions: ~Copyable {
  private var aligner: RowAligner
  private(set) var publisher: VersionPublisher
  private var row = ReturnRow()
  private(set) var versions: [BatchResult.Version] = []

  /// Slots joined at once: enough to spread the look at every symbol, few enough to stay in cache.
  private static var slotCount: Int64 { 256 }

  init(configuration: PipelineConfiguration) throws(CoreError) {
    aligner = RowAligner(timeframe: configuration.normalization.timeframe)
    publisher = try VersionPublisher(
      configuration: configuration.correlation, configurationText: configuration.text)
  }

  /// Publishes every version over the bars of `symbols`; stops early when cancelled.
  ///
  /// There are none unless two symbols have valid bars.
  ///
  /// - Complexity: O(symbols²) per row.
  mutating func publish(
    _ symbols: [Result<BatchSymbol, BatchSymbolError>], cancellation: Cancellation,
    onVersion: ((borrowing HeldVersion) -> Void)?
  ) throws(CoreError) {
    let symbols = symbols.compactMap { try? $0.get() }
    guard symbols.count(where: { $0.bars.contains(where: \.isValid) }) >= 2 else { return }
    let span = Nanoseconds(aligner.timeframe.span.count.multipliedSaturated(by: Self.slotCount))
    var places = [Int](repeating: 0, count: symbols.count)
    while let earliest = Self.earliest(symbols, places), !cancellation.isRequested {
      let horizon = earliest + span
      for (position, symbol) in symbols.enumerated() {
        let start = places[position]
        var end = start
        while end < symbol.bars.count, symbol.bars[end].bar.start < horizon { end += 1 }
        aligner.add(symbol.bars.span.extracting(start..<end))
        places[position] = end
      }
      try publish(through: horizon, cancellation, onVersion)
    }
  }

  private static func earliest(_ symbols: [BatchSymbol], _ places: [Int]) -> Timestamp? {
    var earliest: Timestamp?
    for (symbol, place) in zip(symbols, places) where place < symbol.bars.count {
      let start = symbol.bars[place].bar.start
      earliest = min(earliest ?? start, start)
    }
    return earliest
  }

  private mutating func publish(
    through clock: Timestamp, _ cancellation: Cancellation,
    _ onVersion: ((borrowing HeldVersion) -> Void)?
  ) throws(CoreError) {
    while !cancellation.isRequested, aligner.nextRow(through: clock, into: &row) {
      try publisher.publish(row)
      versions.append(
        BatchResult.Version(
          number: publisher.latest.number, start: publisher.latest.start,
          hash: publisher.latest.hash))
      onVersion?(publisher.latest)
    }
  }
}

extension Int64 {
  /// The product with a positive number, or the nearest number there is.
  fileprivate func multipliedSaturated(by factor: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}

extension BatchResult {
  /// Takes over what was published.
  mutating func take(_ published: borrowing BatchVersions) {
    versions = published.versions
    guard !versions.isEmpty else { return }
    let last = published.publisher.latest.snapshot()
    latest = last
    covariances = [Double](repeating: .nan, count: last.correlations.count)
    var room = covariances.mutableSpan
    published.publisher.copyCovariances(into: &room)
  }
}
