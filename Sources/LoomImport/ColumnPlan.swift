/// Where in a row each role stands.
struct ColumnPlan {
  /// One column, or a date and a time of day.
  var time: [Int] = []
  /// A `date` and a `time` column, to be joined if the latter holds times of day.
  var pair: [Int]?
  /// The names given with `--columns` that the header does not have.
  var missing: [String] = []
  private var places = [Int](repeating: -1, count: ColumnRole.allCases.count)

  subscript(role: ColumnRole) -> Int? {
    get { places[role.rawValue] < 0 ? nil : places[role.rawValue] }
    set { places[role.rawValue] = newValue ?? -1 }
  }

  /// Finds the roles among the names of a header, which is empty for a file without one.
  init(header: [String], map: ColumnMap) {
    var lower: [String: Int] = [:]
    for (place, name) in header.enumerated() { lower[name.lowercased()] = place }
    for role in ColumnRole.allCases {
      let columns: [Int]
      if let given = map.columns(of: role) {
        columns = given.compactMap { find($0, header, lower) }
        if columns.count < given.count { continue }
      } else {
        columns = role.names.first { lower[$0] != nil }.flatMap { lower[$0] }.map { [$0] } ?? []
      }
      if role == .time { time = columns } else { self[role] = columns.first }
    }
    if map.columns(of: .time) == nil, let date = lower["date"], let clock = lower["time"],
      time == [clock]
    {
      pair = [date, clock]
    }
    if self[.close] == nil, self[.open] != nil, self[.high] != nil, self[.low] != nil {
      self[.close] = self[.last]
      self[.last] = nil
    }
  }

  private mutating func find(
    _ reference: ColumnMap.Reference, _ header: [String], _ lower: [String: Int]
  ) -> Int? {
    switch reference {
    case .place(let place): return place
    case .name(let name):
      let found = header.firstIndex(of: name) ?? lower[name.lowercased()]
      if found == nil { missing.append(name) }
      return found
    }
  }

  /// Whether rows are bars.
  var isBars: Bool {
    self[.open] != nil && self[.high] != nil && self[.low] != nil && self[.close] != nil
  }
  /// Whether there is a price to read.
  var hasPrice: Bool { isBars || self[.bid] != nil || self[.ask] != nil || self[.last] != nil }
  /// Whether rows of the file can be read.
  var isComplete: Bool { missing.isEmpty && !time.isEmpty && hasPrice }
  /// The columns that hold prices.
  var priceColumns: [Int] {
    [ColumnRole.bid, .ask, .last, .open, .high, .low, .close].compactMap { self[$0] }
  }
  /// The largest column in use.
  var lastColumn: Int { max(places.max() ?? 0, time.max() ?? 0) }
}
