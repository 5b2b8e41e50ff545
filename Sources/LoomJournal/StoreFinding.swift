/// Something in a store that is not what was written.
public struct StoreFinding: Hashable, Sendable {
  /// Where it is.
  public enum Place: Hashable, Sendable {
    /// The file as SQLite sees it.
    case file
    /// The log beside the file; the frames are counted from 1.
    case log(frames: ClosedRange<Int>)
    /// A whole table.
    case table(String)
    /// Rows of a table, by their identifiers.
    case rows(table: String, ClosedRange<Int64>)
    /// Inputs, by their sequences.
    case inputs(ClosedRange<UInt64>)
  }

  /// Where.
  public let place: Place
  /// What, as a part of a sentence.
  public let reason: String
}

extension StoreFinding: CustomStringConvertible {
  /// One line: where and what.
  public var description: String {
    switch place {
    case .file: "file: \(reason)"
    case .log(let frames):
      "log, frames \(frames.lowerBound) to \(frames.upperBound): \(reason)"
    case .table(let name): "\(name): \(reason)"
    case .rows(let table, let rows):
      "\(table), rows \(rows.lowerBound) to \(rows.upperBound): \(reason)"
    case .inputs(let sequences):
      "inputs \(sequences.lowerBound) to \(sequences.upperBound): \(reason)"
    }
  }
}
