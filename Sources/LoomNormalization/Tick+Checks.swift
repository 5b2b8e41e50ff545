internal import LoomCore

extension Tick {
  /// (bid + ask) / 2: NaN where a side is absent, infinite where the sum leaves Double's range.
  @inline(__always)
  var mid: Double { (bid + ask) / 2 }

  /// The price that `source` asks for; the mid where it leaves that open.
  @inline(__always)
  func price(_ source: PriceSource) -> Double {
    switch source {
    case .automatic, .mid: mid
    case .bid: bid
    case .ask: ask
    case .last: last
    }
  }

  /// Whether every number is surely legal or absent, and a price there; `price` is the one asked for.
  ///
  /// One branch for all: with one for each, what an alternation of quotes and trades leaves out
  /// would be mispredicted.
  @inline(__always)
  func isSound(price: Double, mid: Double) -> Bool {
    let quote = SIMD2(bid, ask).bits
    let sizes = SIMD2(bidSize, askSize).bits
    let trade = SIMD2(last, lastSize).bits
    let one = SIMD2<Int64>(repeating: 1)
    let flaws =
      quote.flaws | sizes.flaws | trade.flaws | (quote &- one) | (trade &- SIMD2(1, 0))
    let isFinite = price.finiteness | last.finiteness | mid.finiteness
    return flaws[0] | flaws[1] | ~isFinite >= 0 && !(bid > ask)
  }

  /// What it adds to the volume.
  @inline(__always)
  var tradedSize: Double { flags.contains(.snapshot) || lastSize.isNaN ? 0 : lastSize }

  /// Why a quote or trade has no place anywhere; nil for one that is sound.
  func flaw(forced source: PriceSource) -> RejectReason? {
    if bid.isInvalidPrice || ask.isInvalidPrice || last.isInvalidPrice { return .invalidPrice }
    if !(mid.isFinite || last.isFinite || price(source).isFinite) { return .invalidPrice }
    if bid > ask { return .crossed }
    if bidSize.isInvalidSize || askSize.isInvalidSize || lastSize.isInvalidSize {
      return .invalidSize
    }
    return nil
  }

  /// Why an input bar has no place anywhere; nil for one that is sound.
  var flawAsBar: RejectReason? {
    let sound =
      open.isFinite && high.isFinite && low.isFinite && last.isFinite
      && low > 0 && low <= min(open, last) && high >= max(open, last)
    if !sound { return .invalidPrice }
    return lastSize.isInvalidSize ? .invalidSize : nil
  }
}

extension Double {
  /// Absent is fine; present must be finite and positive.
  fileprivate var isInvalidPrice: Bool { !isNaN && !(self > 0 && self < .infinity) }

  /// Absent is fine; present must be finite and not negative.
  fileprivate var isInvalidSize: Bool { self < 0 || self == .infinity }
}

// The bits of a number without a sign, read as an integer, are 0 for 0 and rise with it up to those
// of infinity; above stands NaN. What is negative below thus tells of a sign or of a forbidden value.
private var infinityBits: Int64 { Int64(bitPattern: Double.infinity.bitPattern) }

extension Double {
  @inline(__always)
  fileprivate var bits: Int64 { Int64(bitPattern: bitPattern) }

  /// Negative where this is finite; of a number without a sign.
  @inline(__always)
  fileprivate var finiteness: Int64 { bits &- infinityBits }

  /// This, or `other` where it is not finite; of a number without a sign.
  ///
  /// Masked: which numbers a tick has cannot be predicted.
  @inline(__always)
  func finite(or other: Double) -> Double {
    let mask = UInt64(bitPattern: finiteness >> 63)
    return Double(bitPattern: bitPattern & mask | other.bitPattern & ~mask)
  }
}

extension SIMD2<Double> {
  @inline(__always)
  fileprivate var bits: SIMD2<Int64> { SIMD2<Int64>(self[0].bits, self[1].bits) }
}

extension SIMD2<Int64> {
  /// Negative where a number has a sign or is infinite.
  @inline(__always)
  fileprivate var flaws: Self {
    self | ((self ^ SIMD2(repeating: infinityBits)) &- SIMD2(repeating: 1))
  }
}
