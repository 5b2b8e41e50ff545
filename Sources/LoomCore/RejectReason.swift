/// Why an input was not accepted, in the order in which the reasons are looked for.
@frozen
public enum RejectReason: UInt8, BitwiseCopyable, CaseIterable, Hashable, Sendable {
  /// Text that does not parse, or a row with more or fewer fields than the header.
  case malformed
  /// An empty symbol.
  case unknownSymbol
  /// An event time outside 1900-01-01 … 2200-01-01 or too far ahead of its receive time.
  case invalidTime
  /// A price that is not finite or not positive, or no usable price.
  case invalidPrice
  /// A bid above the ask.
  case crossed
  /// A size that is negative or not finite.
  case invalidSize
  /// The same venue sequence and fields as one of the last 1,024 accepted of its symbol.
  case duplicate
  /// Its bar was closed already, whether or not that bar ever held a tick.
  case late
  /// Refused by a full ring.
  case overflow

  /// The name in exports and summaries, for example `invalid_price`.
  public var name: String {
    switch self {
    case .malformed: "malformed"
    case .unknownSymbol: "unknown_symbol"
    case .invalidTime: "invalid_time"
    case .invalidPrice: "invalid_price"
    case .crossed: "crossed"
    case .invalidSize: "invalid_size"
    case .duplicate: "duplicate"
    case .late: "late"
    case .overflow: "overflow"
    }
  }
}
