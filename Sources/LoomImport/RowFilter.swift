internal import LoomCore
internal import LoomSystem

/// Which rows are input at all: those of some symbols, within some time.
struct RowFilter {
  private let symbols: [String]
  private let from: Int64
  private let to: Int64
  private let isOpen: Bool

  /// Takes every row.
  init() { (symbols, from, to, isOpen) = ([], .min, .max, true) }

  init(_ configuration: ImportConfiguration) {
    symbols = configuration.symbols
    from = configuration.from?.nanoseconds ?? .min
    to = configuration.to?.nanoseconds ?? .max
    isOpen = symbols.isEmpty && configuration.from == nil && configuration.to == nil
  }

  /// Whether a row is input; what is not known of it does not speak against it.
  @inline(__always)
  func takes(time: Int64, state: TimeState, symbol: UInt32, names: TextTable) -> Bool {
    isOpen || takesSlowly(time, state, symbol, names)
  }

  /// Whether a row of a known time and symbol is input.
  func takes(time: Int64, name: String) -> Bool {
    isOpen || (time >= from && time < to && (symbols.isEmpty || symbols.contains(name)))
  }

  private func takesSlowly(
    _ time: Int64, _ state: TimeState, _ symbol: UInt32, _ names: TextTable
  ) -> Bool {
    switch state {
    case .legal, .twofold: if time < from || time >= to { return false }
    case .early: if from != .min { return false }
    case .late: if to != .max { return false }
    case .malformed: break
    }
    if symbols.isEmpty || symbol == TextTable.illegal { return true }
    return symbol != TextTable.empty && symbols.contains(names.texts[Int(symbol)])
  }
}
