internal import LoomCore

/// The rank of each symbol's name in byte order.
struct NameOrder {
  private(set) var ranks: [Int] = []

  /// Ranks the names anew if there are more than before.
  mutating func update(_ names: [String]) {
    if names.count == ranks.count { return }
    let sorted = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    ranks = [Int](repeating: 0, count: names.count)
    for (rank, symbol) in sorted.enumerated() { ranks[symbol] = rank }
  }
}
