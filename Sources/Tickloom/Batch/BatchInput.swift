public import LoomCore

/// One symbol of a ``Batch``: its name, and its ticks or bars or how to get them.
public struct BatchInput: Sendable {
  /// The name; not empty, and different from those of the other inputs.
  public let name: String
  /// The step of input bars; nil infers it from the first thousand.
  public let barStep: Timeframe?
  let rows: Rows

  enum Rows: Sendable {
    case ready([Tick])
    case loaded(@Sendable () throws -> [Tick])
  }

  /// A symbol with its ticks, or input bars as ticks, in order of arrival.
  ///
  /// What the ticks say of their symbol is not looked at.
  public init(name: String, ticks: [Tick], barStep: Timeframe? = nil) {
    self.name = name
    self.barStep = barStep
    rows = .ready(ticks)
  }

  /// A symbol with its bars in order of arrival: start, prices and volume of each are used.
  public init(name: String, bars: [Bar], barStep: Timeframe? = nil) {
    let ticks = bars.map { bar in
      Tick(
        barStart: bar.start, symbol: bar.symbol, open: bar.open, high: bar.high, low: bar.low,
        close: bar.close, volume: bar.volume, source: bar.source)
    }
    self.init(name: name, ticks: ticks, barStep: barStep)
  }

  /// A symbol whose ticks are fetched when its turn comes, on the worker that takes it.
  ///
  /// So no more inputs than workers are in memory at once. What `load` throws fails this symbol
  /// alone, as ``BatchSymbolError/unreadable(_:)``.
  public init(
    name: String, barStep: Timeframe? = nil, load: @escaping @Sendable () throws -> [Tick]
  ) {
    self.name = name
    self.barStep = barStep
    rows = .loaded(load)
  }

  /// How many rows there are; the most there can be where that is not known yet.
  var expectedCount: Int {
    switch rows {
    case .ready(let ticks): ticks.count
    case .loaded: .max
    }
  }
}
