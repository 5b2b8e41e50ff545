internal import LoomCore

/// The rows from which the state of an estimator is made again once some of them have changed.
///
/// For the rolling one these are the rows that can change and those since the anchor before the last
/// one in front of them, of which its state is a function; for the exponential one those that can
/// change, and its state before them. A row costs 8 bytes a symbol, and 4 for each return.
struct CorrectableRows: ~Copyable {
  /// How long before the start of the newest row others can start and still change.
  private let span: Nanoseconds
  private let configuration: CorrelationConfiguration
  /// In a circle that grows to its bound.
  private var rows: [ReturnRow] = []
  private var head = 0
  private var count = 0
  /// Number of the oldest row kept; the first there was is 0.
  private var firstNumber = 0
  /// Number of the oldest row that can change.
  private var firstOpen = 0
  /// Exponential only: the state once it had taken the rows that are not kept.
  private var lagging: MatrixEstimator?
  /// Rows in one piece; reused.
  private var block: [Double] = []

  init(
    span: Nanoseconds, configuration: CorrelationConfiguration, capacity: Int
  ) throws(CoreError) {
    self.span = span
    self.configuration = configuration
    switch configuration.estimator {
    case .rolling: lagging = nil
    case .exponential: lagging = try MatrixEstimator(configuration, capacity: capacity)
    }
  }

  /// Start of the newest row.
  var latestStart: Timestamp? { count == 0 ? nil : row(count - 1).start }

  mutating func grow(to capacity: Int) throws(CoreError) { try lagging?.grow(to: capacity) }

  /// Takes the next row, and lets go of what can no longer change.
  mutating func append(_ added: borrowing ReturnRow) throws(CoreError) {
    if count == rows.count { makeRoom() }
    rows[(head + count) & (rows.count - 1)].become(added)
    count += 1
    let reach = added.start - span
    while row(firstOpen - firstNumber).start < reach { firstOpen += 1 }
    let needed = firstNeeded(of: firstOpen)
    while firstNumber < needed { try removeFirst() }
  }

  /// The rows that start at or after `start`, oldest first.
  func rows(from start: Timestamp) -> [ReturnRow] {
    var result: [ReturnRow] = []
    var place = count
    while place > 0, row(place - 1).start >= start {
      place -= 1
      result.append(row(place))
    }
    return result.reversed()
  }

  /// Puts `replacement` in the place of the rows that start at or after `start`.
  mutating func replace(
    from start: Timestamp, by replacement: [ReturnRow]
  ) throws(CoreError) {
    while count > 0, row(count - 1).start >= start { count -= 1 }
    precondition(firstOpen <= firstNumber + count, "rows before \(start) cannot change")
    for row in replacement { try append(row) }
  }

  /// Gives `estimator` the state that it has after the rows here and all that went before.
  mutating func restore(_ estimator: inout MatrixEstimator) throws(CoreError) {
    if lagging != nil {
      try Self.assign(&lagging, to: &estimator)
      return try feed(0..<count, to: &estimator)
    }
    let first = firstNeeded(of: firstNumber + count)
    let skipped = first - firstNumber
    var block: [Double] = []
    swap(&block, &self.block)
    defer { swap(&block, &self.block) }
    try estimator.rebuild(from: count - skipped, after: first, &block) { row(skipped + $0) }
  }

  private func row(_ place: Int) -> ReturnRow { rows[(head + place) & (rows.count - 1)] }

  /// The number of the oldest row that decides the state after `end` rows.
  private func firstNeeded(of end: Int) -> Int {
    switch configuration.estimator {
    case .rolling(let window): max(0, lastAnchor(before: end) - window)
    case .exponential: end
    }
  }

  /// The largest number of rows up to `end` after which all sums are exact; 0 where there is none.
  private func lastAnchor(before end: Int) -> Int {
    guard case .rolling(let window) = configuration.estimator else { return 0 }
    return end / window * window
  }

  private mutating func removeFirst() throws(CoreError) {
    if lagging != nil { try Self.feed(rows[head], to: &lagging) }
    head = (head + 1) & (rows.count - 1)
    count -= 1
    firstNumber += 1
  }

  private static func assign(
    _ lagging: inout MatrixEstimator?, to estimator: inout MatrixEstimator
  ) throws(CoreError) {
    guard var state = lagging.take() else { return }
    do {
      try estimator.assign(&state)
    } catch {
      lagging = consume state
      throw error
    }
    lagging = consume state
  }

  private static func feed(
    _ row: borrowing ReturnRow, to estimator: inout MatrixEstimator?
  ) throws(CoreError) {
    let row = copy row
    _ = try estimator?.enter(row)
    estimator?.take(row)
  }

  private func feed(
    _ places: Range<Int>, to estimator: inout MatrixEstimator
  ) throws(CoreError) {
    for place in places {
      let row = row(place)
      _ = try estimator.enter(row)
      estimator.take(row)
    }
  }

  private mutating func makeRoom() {
    let old = rows
    rows = [ReturnRow](repeating: ReturnRow(), count: max(16, 2 * old.count))
    for place in 0..<count { rows[place] = old[(head + place) & (old.count - 1)] }
    head = 0
  }

  /// Transfers the rows and, exponential, the state before them.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("changing")
    try coder.count(&firstNumber)
    try coder.count(&firstOpen)
    var kept = (0..<count).map { row($0) }
    try coder.states(&kept) { ReturnRow() }
    try lagging?.transfer(through: &coder)
    if !Coder.isReading { return }
    try coder.require(firstNumber == firstNeeded(of: firstOpen), "the first row")
    try coder.require(firstOpen <= firstNumber + kept.count, "the first row that can change")
    (rows, head, count) = ([], 0, 0)
    for row in kept {
      if count == rows.count { makeRoom() }
      rows[count] = row
      count += 1
    }
  }
}
