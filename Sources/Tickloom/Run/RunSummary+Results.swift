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
      total.corrections += counts.corrections
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
    let extremes = ExtremePairs(of: publisher.latest, most: Self.pairsShown)
    func pair(_ place: ExtremePairs.Entry) -> Pair {
      let entry = publisher.pair(place.first, place.second)
      var pair = Pair(
        first: names[place.first.index], second: names[place.second.index],
        correlation: entry.correlation, jointCount: entry.jointRows, pValue: entry.pValue)
      if let charts {
        pair.history = charts.history(place.first, place.second, through: version)
      }
      return pair
    }
    highestPairs = extremes.highest.map(pair)
    lowestPairs = extremes.lowestAlone.map(pair)
  }
}
