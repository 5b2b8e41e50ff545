/// Why a description of a simulated market was refused.
public enum SimulationError: Error, Equatable, Sendable {
  /// The text is not three numbers with commas between them.
  case malformed(String)
  /// A number is outside its range.
  case outOfRange(name: String, value: String, range: ClosedRange<UInt64>)
}

extension SimulationError: CustomStringConvertible {
  /// What was found, and what would be right.
  public var description: String {
    switch self {
    case .malformed(let text):
      "'\(text)' does not describe a simulated market: expected SYMBOLS,TICKS,SEED, "
        + "three whole numbers like 8,200000,1"
    case .outOfRange(let name, let value, let range):
      "\(name) of a simulated market is \(value), but must be "
        + "\(range.lowerBound) to \(range.upperBound)"
    }
  }
}
