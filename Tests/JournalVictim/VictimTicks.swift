public import LoomCore

/// The inputs of a journal that is to be killed, each by its sequence alone.
public enum VictimTicks {
  /// The input of a sequence.
  public static func tick(_ sequence: UInt64) -> SequencedTick {
    let mixed = sequence &* 0x9E37_79B9_7F4A_7C15
    let tick = Tick(
      time: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(sequence) * 1_000_003),
      receiveTime: Timestamp(nanoseconds: Int64(sequence)),
      symbol: SymbolID(rawValue: UInt32(mixed >> 61)), bid: 1 + Double(mixed >> 48) / 65_536,
      ask: sequence % 5 == 0 ? .nan : 2.5, bidSize: -0.0, venueSequence: mixed,
      source: SourceID(rawValue: 1), flags: .quote)
    return SequencedTick(sequence: sequence, tick: tick)
  }
}
