internal import LoomCore
internal import LoomNormalization
internal import LoomPublishing

extension RunSummary {
  /// Pairs shown at either end.
  private static let pairsShown = 5

  /// Enters what a stage took, once or again.
  mutating func finishStage(_ name: String, _ nanoseconds: Int64) {
    stages.removeAll { $0.name == name }
    stages.append(Stage(name: name, seconds: Double(nanoseconds) / 1e9))
  }

  /// Takes the counts over, per symbol and in total.
  mutating func take(_ outputs: borrowing RunOutputs, gate: borrowing Guard) {
    let counters = gate.counters
    for (symbol, name) in outputs.symbols.enumerated() {
      var counts = outputs.statistics.symbols[symbol]
      if symbol < counters.count { counts.ticks = counters[symbol] }
      symbols.append(
        Symbol(name: name, counts: counts, chart: outputs.charts?.chart(of: symbol) ?? Chart()))
      total.bars += counts.bars
      total.missing += counts.missing
      total.outliers += counts.outliers
      total.features += counts.features
    }
    total.ticks = gate.total
    latenessForMost = gate.latenessHistogram.lateness(keeping: 0.99)
  }

  /// Takes the last version over, with its strongest pairs and its smallest eigenvalue.
  mutating func take(_ publisher: borrowing VersionPublisher, names: [String], charts: RunCharts?) {
    guard publisher.latest.number > 0 else { return }
    let version = publisher.latest.snapshot()
    last = version
    versions = Int(version.number)
    if version.symbolCount == names.count {
      smallestEigenvalue = Eigenvalues.smallest(
        ofPacked: version.correlations.span, symbols: version.symbolCount)
    }
    let (lowest, highest) = Self.extremes(of: version)
    func pair(_ place: (SymbolID, SymbolID)) -> Pair {
      let entry = publisher.pair(place.0, place.1)
      var pair = Pair(
        first: names[place.0.index], second: names[place.1.index], correlation: entry.correlation,
        jointCount: entry.jointRows, pValue: entry.pValue)
      if let charts { pair.history = charts.history(place.0, place.1, through: version) }
      return pair
    }
    highestPairs = highest.map(pair)
    lowestPairs = lowest.map(pair)
  }

  /// The pairs of the largest and of the smallest correlations, none in both.
  private static func extremes(
    of version: CorrelationSnapshot
  ) -> (lowest: [(SymbolID, SymbolID)], highest: [(SymbolID, SymbolID)]) {
    typealias Entry = (correlation: Double, first: SymbolID, second: SymbolID)
    var highest: [Entry] = []
    var lowest: [Entry] = []
    func insert(_ entry: Entry, into best: inout [Entry], before: (Double, Double) -> Bool) {
      if best.count == pairsShown, !before(entry.correlation, best[pairsShown - 1].correlation) {
        return
      }
      let place = best.firstIndex { before(entry.correlation, $0.correlation) } ?? best.count
      best.insert(entry, at: place)
      if best.count > pairsShown { best.removeLast() }
    }
    var place = 0
    for first in 0..<version.symbolCount {
      place += 1
      for second in (first + 1)..<max(first + 1, version.symbolCount) {
        let correlation = version.correlations[place]
        place += 1
        if correlation.isNaN { continue }
        let entry = (
          correlation, SymbolID(rawValue: UInt32(first)), SymbolID(rawValue: UInt32(second))
        )
        insert(entry, into: &highest, before: >)
        insert(entry, into: &lowest, before: <)
      }
    }
    let shown = highest.map { ($0.first, $0.second) }
    let rest = lowest.map { ($0.first, $0.second) }.filter { pair in
      !shown.contains { $0 == pair }
    }
    return (rest, shown)
  }
}
