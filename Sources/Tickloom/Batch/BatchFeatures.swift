public import LoomCore

/// The feature rows of one symbol, as one block of numbers.
public struct BatchFeatures: Sendable {
  /// Start of each row's bar, in order of time.
  public private(set) var starts: [Timestamp] = []
  /// How many values a row has.
  public let columnCount: Int
  /// The values row by row; NaN where one is not defined.
  public private(set) var values: [Double] = []

  /// Creates room for `rowCount` rows.
  init(columnCount: Int, rowCount: Int) {
    self.columnCount = columnCount
    starts.reserveCapacity(rowCount)
    values.reserveCapacity(rowCount * columnCount)
  }

  /// How many rows there are.
  public var rowCount: Int { starts.count }

  /// One value: the row counts from the oldest, the column is that of the feature's name.
  public subscript(row: Int, column: Int) -> Double {
    precondition((0..<columnCount).contains(column), "column \(column) of \(columnCount)")
    return values[row * columnCount + column]
  }

  /// The values of one row.
  public func row(_ row: Int) -> ArraySlice<Double> {
    values[row * columnCount..<(row + 1) * columnCount]
  }

  /// One feature over time.
  ///
  /// - Complexity: O(rows), one allocation.
  public func column(_ column: Int) -> [Double] {
    (0..<rowCount).map { self[$0, column] }
  }

  mutating func append(_ row: borrowing FeatureRow) {
    starts.append(row.start)
    // A subscript of the inline array would copy all of it for each value.
    let numbers = row.values.span
    values.append(addingCapacity: columnCount) { room in
      for place in 0..<columnCount { room.append(numbers[place]) }
    }
  }
}
