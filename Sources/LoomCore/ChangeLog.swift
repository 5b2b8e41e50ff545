/// Which symbols changed, in order: the newest of them, in a circle.
struct ChangeLog {
  /// How many changes there were.
  private(set) var end = 0
  /// No earlier change is known.
  private var begin = 0
  private var symbols: [UInt32]

  /// Creates a log that reaches back at least `capacity` changes.
  init(capacity: Int) { symbols = Self.room(capacity) }

  /// Whether every change from `position` on is known.
  func reaches(_ position: Int) -> Bool {
    position >= begin && end - position <= symbols.count
  }

  /// The symbol that changed after `position` other changes.
  subscript(position: Int) -> Int { Int(symbols[position & (symbols.count - 1)]) }

  mutating func append(_ symbol: Int) {
    symbols[end & (symbols.count - 1)] = UInt32(symbol)
    end += 1
  }

  /// Makes it reach further back from now on, and forgets what it knows.
  mutating func grow(capacity: Int) {
    symbols = Self.room(capacity)
    begin = end
  }

  /// Bytes of the log.
  static func byteCount(capacity: Int) -> Int { 4 * length(capacity) }

  private static func room(_ capacity: Int) -> [UInt32] {
    Array(repeating: 0, count: length(capacity))
  }

  // Beyond one change for each symbol it would be as much work to look at every symbol.
  private static func length(_ capacity: Int) -> Int {
    var length = 64
    while length < capacity { length *= 2 }
    return length
  }
}
