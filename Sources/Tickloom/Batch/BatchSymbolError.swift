public import LoomCore
public import LoomNormalization

/// Why one symbol of a ``Batch`` has no result; the others do not notice.
public enum BatchSymbolError: Error, Equatable, Sendable {
  /// Its name is empty.
  case emptyName
  /// An input before it, at this place, has the same name.
  case duplicateName(firstPlace: Int)
  /// Its ticks could not be fetched; the text says what was thrown.
  case unreadable(String)
  /// It has no ticks.
  case noInput
  /// Its bars are longer than those of the batch.
  case barsTooCoarse(step: Nanoseconds, timeframe: Timeframe)
  /// Every one of its inputs was refused.
  case nothingAccepted(TickCounters)
  /// More than half of its inputs were malformed, repeated or late: it is not what it seems.
  ///
  /// Where they are late, sort them, or give the batch a lateness.
  case mostlyRejected(TickCounters)
}

extension BatchSymbolError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .emptyName: "the name is empty"
    case .duplicateName(let place): "input \(place) has the same name"
    case .unreadable(let reason): "its ticks could not be fetched: \(reason)"
    case .noInput: "there are no ticks"
    case .barsTooCoarse(let step, let timeframe):
      "bars of \(step) are coarser than the batch's \(timeframe)"
    case .nothingAccepted(let counters):
      "all \(counters.received) inputs were refused: \(Self.list(counters))"
    case .mostlyRejected(let counters):
      "most of \(counters.received) inputs were refused: \(Self.list(counters))"
    }
  }

  private static func list(_ counters: TickCounters) -> String {
    RejectReason.allCases.filter { counters[$0] > 0 }
      .map { "\($0.name) \(counters[$0])" }.joined(separator: ", ")
  }
}
