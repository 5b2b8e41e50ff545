import LoomCore

/// Finds the bad ticks of a simulated market by looking at them.
struct SimulatedFaults {
  private(set) var crossed = 0
  private(set) var duplicates = 0
  private(set) var outliers = 0
  private(set) var delayed = 0

  private var latest = Timestamp.distantPast
  private var largestSequence: [SymbolID: UInt64] = [:]
  private var price: [SymbolID: Double] = [:]

  mutating func count(_ tick: Tick) {
    if tick.venueSequence <= largestSequence[tick.symbol, default: 0] {
      duplicates += 1
      return
    }
    largestSequence[tick.symbol] = tick.venueSequence
    if tick.time < latest { delayed += 1 }
    latest = max(latest, tick.time)
    if tick.bid > tick.ask { crossed += 1 }
    let present = tick.bid.isNaN ? tick.last : (tick.bid + tick.ask) / 2
    let usual = price[tick.symbol, default: present]
    if abs(present / usual - 1) > 0.025 { outliers += 1 } else { price[tick.symbol] = present }
  }
}
