import LoomCore
import LoomNormalization

/// The guard's rules as the documentation lists them, one after the other and without any memory
/// but the accepted ticks themselves.
struct PlainGuard {
  let configuration: NormalizationConfiguration
  private(set) var accepted: [(tick: Tick, price: Double)] = []
  private(set) var market = Timestamp.distantPast
  private var kinds: [SymbolID: PriceSource] = [:]

  init(_ configuration: NormalizationConfiguration) { self.configuration = configuration }

  /// The reason to reject `tick`, or nil after it was accepted.
  mutating func judge(_ tick: Tick) -> RejectReason? {
    if let refusal = tick.flags.refusal { return refusal }
    if tick.symbol == .unknown { return .unknownSymbol }
    if tick.time < .earliest || tick.time >= .end { return .invalidTime }
    if let ahead = configuration.maximumAhead, tick.time > tick.receiveTime + ahead {
      return .invalidTime
    }
    let present = [tick.bid, tick.ask, tick.last].filter { !$0.isNaN }
    let mid = (tick.bid + tick.ask) / 2
    let overflows = mid.isInfinite
    let forced = price(of: tick, configuration.price, overflows ? .nan : mid)
    if present.contains(where: { !$0.isFinite || $0 <= 0 }) { return .invalidPrice }
    if (mid.isNaN || overflows) && tick.last.isNaN && forced.isNaN { return .invalidPrice }
    if tick.bid > tick.ask { return .crossed }
    let sizes = [tick.bidSize, tick.askSize, tick.lastSize].filter { !$0.isNaN }
    if sizes.contains(where: { !$0.isFinite || $0 < 0 }) { return .invalidSize }
    let kind = kinds[tick.symbol] ?? (mid.isNaN ? .last : .mid)
    kinds[tick.symbol] = kind
    let source = configuration.price == .automatic ? kind : configuration.price
    let own = price(of: tick, source, overflows ? .nan : mid)
    let earlier = accepted.filter { $0.tick.symbol == tick.symbol }
    guard let price = own.isNaN ? earlier.last?.price : own else { return .invalidPrice }
    if tick.venueSequence != 0, earlier.suffix(1024).contains(where: { repeats($0.tick, tick) }) {
      return .duplicate
    }
    let end = configuration.timeframe.slotStart(of: tick.time) + configuration.timeframe.span
    let latest = earlier.map(\.tick.time).max() ?? .distantPast
    if end <= latest - configuration.lateness || end <= market { return .late }
    accepted.append((tick, price))
    moveMarket()
    return nil
  }

  private func price(of tick: Tick, _ source: PriceSource, _ mid: Double) -> Double {
    [PriceSource.bid: tick.bid, .ask: tick.ask, .last: tick.last][source] ?? mid
  }

  private func repeats(_ one: Tick, _ other: Tick) -> Bool {
    func fields(_ tick: Tick) -> [Double] {
      [tick.bid, tick.ask, tick.bidSize, tick.askSize, tick.last, tick.lastSize]
    }
    return one.time == other.time && one.venueSequence == other.venueSequence
      && zip(fields(one), fields(other)).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  private mutating func moveMarket() {
    let latest = Dictionary(grouping: accepted, by: \.tick.symbol)
      .compactMap { $0.value.map(\.tick.time).max() }
    guard latest.count > 1 else { return }
    market = max(market, latest.sorted()[latest.count - 2] - configuration.idle)
  }
}
