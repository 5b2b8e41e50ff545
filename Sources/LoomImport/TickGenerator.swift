public import LoomCore

/// Something that makes ticks up, to be read like a file.
public protocol TickGenerator: Sendable {
  /// The name in place of a file's.
  var name: String { get }
  /// The symbols; a tick's symbol is a place among them.
  var symbolNames: [String] { get }
  /// Fills `ticks` from the front with the next ones in order of arrival, and returns how many.
  ///
  /// Fewer than there is room for only at the end.
  mutating func next(into ticks: inout MutableSpan<Tick>) -> Int
}
