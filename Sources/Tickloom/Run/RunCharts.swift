internal import LoomCore
internal import LoomPublishing

/// Collects the courses that a report draws, thinned so that memory does not grow with the input.
struct RunCharts {
  /// Most points kept of a symbol's course, and of the matrix's.
  fileprivate static let maximumPoints = 512
  private static let historyBudgetBytes = 32 << 20

  private let volatilityPlace: Int?
  private var symbols: [Course] = []
  private var history: [(time: Timestamp, count: Int, matrix: [Float])] = []
  private var historyStride: UInt64 = 1

  fileprivate struct Course {
    var chart = RunSummary.Chart()
    var stride = 1
    var seen = 0
    /// The latest bar, which a chart ends with whether or not thinning would have kept it.
    var latest: (time: Timestamp, close: Double, volatility: Double)?
  }

  /// - Parameter featureNames: The names of a feature row's values.
  init(featureNames: [String]) {
    volatilityPlace = featureNames.firstIndex { $0.hasPrefix("volatility_") }
  }

  mutating func add(_ bars: Span<CleanBar>) {
    for index in bars.indices {
      let symbol = bars[index].bar.symbol.index
      while symbols.count <= symbol { symbols.append(Course()) }
      symbols[symbol].add(bars[index])
    }
  }

  mutating func add(_ rows: Span<FeatureRow>) {
    guard let volatilityPlace else { return }
    for index in rows.indices {
      symbols[rows[index].symbol.index].enter(
        rows[index].start, rows[index].values[volatilityPlace])
    }
  }

  mutating func add(_ version: borrowing HeldVersion) {
    guard version.number % historyStride == 0 else { return }
    let all = version.withCorrelations { version.overAllSymbols($0, filler: .nan) }
    let matrix = all.map { Float($0) }
    history.append((version.start, version.symbolCount, matrix))
    let kept = max(
      8, min(Self.maximumPoints, Self.historyBudgetBytes / max(1, 4 * matrix.count)))
    if history.count > kept {
      history = history.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      historyStride *= 2
    }
  }

  /// The course of a symbol, up to its last bar.
  func chart(of symbol: Int) -> RunSummary.Chart {
    symbol < symbols.count ? symbols[symbol].complete : RunSummary.Chart()
  }

  /// ρ of two symbols over time, ending with that of the `last` version.
  func history(
    _ first: SymbolID, _ second: SymbolID, through last: CorrelationSnapshot
  ) -> [(time: Timestamp, correlation: Double)] {
    let row = min(first.index, second.index)
    let column = max(first.index, second.index)
    var course: [(time: Timestamp, correlation: Double)] = history.compactMap { point in
      guard column < point.count else { return nil }
      let place = row * (2 * point.count - row - 1) / 2 + column
      return (point.time, Double(point.matrix[place]))
    }
    if column < last.symbolCount, course.last?.time != last.start {
      course.append((last.start, last.correlations[last.place(first, second)]))
    }
    return course
  }
}

extension RunCharts.Course {
  /// What was kept, and the latest bar.
  var complete: RunSummary.Chart {
    guard let latest, latest.time != chart.times.last else { return chart }
    var complete = chart
    complete.times.append(latest.time)
    complete.closes.append(latest.close)
    complete.volatilities.append(latest.volatility)
    return complete
  }

  mutating func add(_ bar: CleanBar) {
    latest = (bar.bar.start, bar.bar.close, .nan)
    seen += 1
    guard seen % stride == 0 else { return }
    chart.times.append(bar.bar.start)
    chart.closes.append(bar.bar.close)
    chart.volatilities.append(.nan)
    if chart.times.count > RunCharts.maximumPoints { thin() }
  }

  /// Enters the volatility of a bar that was kept.
  mutating func enter(_ start: Timestamp, _ volatility: Double) {
    if latest?.time == start { latest?.volatility = volatility }
    var place = chart.times.count - 1
    while place >= 0, chart.times[place] > start { place -= 1 }
    if place >= 0, chart.times[place] == start { chart.volatilities[place] = volatility }
  }

  private mutating func thin() {
    func everySecond<Value>(_ values: [Value]) -> [Value] {
      Swift.stride(from: 1, to: values.count, by: 2).map { values[$0] }
    }
    chart.times = everySecond(chart.times)
    chart.closes = everySecond(chart.closes)
    chart.volatilities = everySecond(chart.volatilities)
    stride *= 2
  }
}
