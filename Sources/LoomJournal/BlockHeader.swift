internal import CLoomJournal
public import LoomCore

/// What a block of ticks says of itself.
public struct BlockHeader: Hashable, Sendable {
  /// How many ticks it holds: 1 … 4,096.
  public let count: Int
  /// The smallest and the largest sequence in it; others lie in blocks of the same group.
  public let sequences: ClosedRange<UInt64>
  /// The smallest and the largest event time in it.
  public let times: ClosedRange<Timestamp>
  /// The first and the last symbol in it.
  public let symbols: ClosedRange<SymbolID>

  init(_ header: loom_block_header) {
    count = Int(header.count)
    sequences = header.first_sequence...header.last_sequence
    times =
      Timestamp(nanoseconds: header.first_time)...Timestamp(nanoseconds: header.last_time)
    symbols = SymbolID(rawValue: header.first_symbol)...SymbolID(rawValue: header.last_symbol)
  }
}
