public import LoomCore

/// Something that makes ticks up, to be read like a file.
public protocol TickGenerator: Sendable {
  /// The name in place of a file's.
  var name: String { get }
  /// The symbols; a tick's symbol is a place among them.
  var symbolNames: [String] { get }
  /// Appends up to `count` of the next ticks, in order of arrival; none at the end.
  mutating func next(_ count: Int, into ticks: inout [Tick])
}
