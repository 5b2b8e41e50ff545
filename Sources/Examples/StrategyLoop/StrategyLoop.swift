import Tickloom

/// A strategy that owns its thread: it pushes what its market says, and has the engine work by
/// calling ``Engine/poll()``.
///
/// There is no other thread, so every bar, feature row and version finds the strategy in the middle
/// of the call, a function call away from the tick that caused it, and the same ticks give the same
/// trades, always. The strategy itself is a toy: put yours in the place of ``Reversion``.
@main
struct StrategyLoop {
  static func main() throws {
    BLAS.useOneThread()  // once per process: no number may depend on how many threads there are
    var market = SimulatedMarket(symbols: 6, ticks: 200_000, seed: 8)
    let names = market.symbolNames
    let engine = try Engine(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(timeframe: .second, estimator: .rolling(window: 120))),
      symbols: names, features: { .standard() },
      consumer: Reversion(symbolCount: names.count, largestLossBasisPoints: 150))

    // A simulated market numbers its symbols as the engine does: in the order of their names.
    let symbols = names.compactMap { engine.symbol($0) }
    guard var feed = try engine.feedGroup(symbols, source: "simulated", policy: .handBack) else {
      preconditionFailure("nobody else has a feed of these symbols")
    }

    // The loop: some ticks, a cycle, some ticks … Few come out sooner, many cost less each.
    var unpolled = 0
    while let tick = market.next() {
      let receipt = feed.push(tick.symbol, tick)
      if receipt.status != .open {
        print("refused: the engine is \(receipt.status), as \(feed.haltReason ?? "it was stopped")")
        print("\(receipt.position) ticks were taken, \(receipt.taken) of this push")
        break
      }
      // A ring has room for 256 ticks of its symbol. If it had none left, the policy would hand the
      // tick back (`receipt.taken` is 0): poll, and push it again.
      unpolled += 1
      if unpolled == 16 {
        try engine.poll()
        unpolled = 0
      }
    }

    // What was taken before the switch is finished: bars are closed, rows published.
    try engine.stop()
    let strategy = engine.withConsumer { $0 }
    strategy.report(names)
    let version = engine.versions.withLatest { $0.number } ?? 0
    print("version \(version), \(engine.total.accepted) of \(engine.total.received) ticks accepted")
  }
}

/// Sells what stands high in its Bollinger band and buys what stands low, and stops the engine when
/// it has lost enough.
struct Reversion: PipelineConsumer, Sendable {
  /// Where it says stop, in hundredths of a per cent of one position.
  let largestLossBasisPoints: Double
  private(set) var profitBasisPoints = 0.0
  private(set) var tradeCount = 0

  /// −1, 0 or 1 of each symbol.
  private var positions: [Double]
  /// What a change of the position by 1 costs, of each symbol: half the spread, in basis points.
  private var costs: [Double]
  /// ρ of every two symbols, as of the last version.
  private var correlations: [Double]
  private let bollinger: Int?

  init(symbolCount: Int, largestLossBasisPoints: Double) {
    self.largestLossBasisPoints = largestLossBasisPoints
    positions = Array(repeating: 0, count: symbolCount)
    costs = Array(repeating: 0, count: symbolCount)
    correlations = Array(repeating: .nan, count: symbolCount * symbolCount)
    bollinger = FeatureSet.standard().names.firstIndex(of: "bollinger_z_20")
  }

  /// Bars come first: what a position has brought since the bar before.
  mutating func take(bars: Span<CleanBar>) {
    for place in bars.indices where bars[place].isValid {
      let (bar, symbol) = (bars[place].bar, bars[place].bar.symbol.index)
      let moved = bars[place].logReturn  // NaN where the bar before is missing
      if moved.isFinite { profitBasisPoints += positions[symbol] * moved * 10_000 }
      if bar.spreadEstimate.isFinite { costs[symbol] = bar.spreadEstimate / bar.close * 5000 }
    }
  }

  /// Then the features at these bars: what it wants to hold now.
  mutating func take(features: Span<FeatureRow>) {
    guard let bollinger else { return }
    for place in features.indices {
      let symbol = features[place].symbol.index
      let height = features[place].values[bollinger]  // NaN until its window is full
      if abs(height) > 2, positions[symbol] == 0, !isCrowded(symbol) {
        hold(height > 0 ? -1 : 1, of: symbol)
      } else if positions[symbol] * height > 0 {
        hold(0, of: symbol)  // back beyond the middle
      }
    }
  }

  /// And then the version they lead to, whose matrix is read where it was computed.
  mutating func take(version: borrowing HeldVersion) {
    for one in 0..<version.symbolCount {
      for other in 0..<version.symbolCount {
        correlations[one * positions.count + other] =
          version[SymbolID(rawValue: UInt32(one)), SymbolID(rawValue: UInt32(other))]
      }
    }
  }

  /// Looked at after every cycle; once it holds, the engine takes no more ticks from any feed.
  var isToHalt: Bool { profitBasisPoints < -largestLossBasisPoints }
  var haltReason: String { "it lost \(Int(-profitBasisPoints)) basis points" }

  /// Whether it holds something already that goes with, or against, this symbol.
  private func isCrowded(_ symbol: Int) -> Bool {
    positions.indices.contains { other in
      positions[other] != 0 && abs(correlations[symbol * positions.count + other]) > 0.3
    }
  }

  private mutating func hold(_ position: Double, of symbol: Int) {
    profitBasisPoints -= abs(position - positions[symbol]) * costs[symbol]
    positions[symbol] = position
    tradeCount += 1
  }

  func report(_ names: [String]) {
    let held = positions.indices.filter { positions[$0] != 0 }.map { names[$0] }
    print("\(tradeCount) trades, \(Int(profitBasisPoints)) basis points, holds \(held)")
  }
}
