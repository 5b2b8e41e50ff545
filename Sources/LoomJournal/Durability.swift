/// What a kept input outlives.
public enum Durability: Int, CaseIterable, Comparable, Sendable {
  /// Nothing: it is in the memory of the process.
  case memory
  /// The process: the system has it.
  case os
  /// The machine: it is on the disk.
  case disk

  /// Whether `left` outlives less.
  public static func < (left: Durability, right: Durability) -> Bool {
    left.rawValue < right.rawValue
  }
}
