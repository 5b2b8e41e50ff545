internal import LoomCore

/// The newest bars and feature rows of one symbol, from which tables are made again once a late tick
/// has changed some of them.
///
/// Those that can change are there, and before them as many of each as a table keeps: where a bar
/// that came in or a row that went away moves the others, the next older ones are known.
struct CorrectableBars: SnapshotState {
  /// How many bars there were.
  private(set) var barCount: UInt64 = 0
  /// How many feature rows there were.
  private(set) var rowCount: UInt64 = 0

  // From `firstBar` and `firstRow` on; in front of them is what is not cleared away yet.
  private var bars: [CleanBar] = []
  private var firstBar = 0
  private var starts: [Timestamp] = []
  private var values: [Double] = []
  private var firstRow = 0

  /// Bytes for each slot that can change, and for each that a table keeps.
  static func byteCount(featureCount: Int) -> Int {
    // What is not cleared away yet is no more than what is kept.
    2 * (MemoryLayout<CleanBar>.stride + MemoryLayout<Timestamp>.stride + 8 * featureCount)
  }

  /// Takes the next bar.
  mutating func append(_ bar: CleanBar) {
    bars.append(bar)
    barCount += 1
  }

  /// Takes the feature row of the bar that was taken last.
  mutating func append(start: Timestamp, _ features: Span<Double>) {
    starts.append(start)
    for place in features.indices { values.append(features[place]) }
    rowCount += 1
  }

  /// Lets go of what starts before `reach`, but for the last `depth` bars and rows.
  ///
  /// - Complexity: O(1) amortised per bar.
  mutating func leave(before reach: Timestamp, depth: Int) {
    while firstBar + depth < bars.count, bars[firstBar + depth].bar.start < reach { firstBar += 1 }
    while firstRow + depth < starts.count, starts[firstRow + depth] < reach { firstRow += 1 }
    // No more is moved than has left since.
    if firstBar > 0, 2 * firstBar >= bars.count {
      bars.removeFirst(firstBar)
      firstBar = 0
    }
    if firstRow > 0, 2 * firstRow >= starts.count {
      let width = values.count / starts.count
      values.removeFirst(firstRow * width)
      starts.removeFirst(firstRow)
      firstRow = 0
    }
  }

  /// Puts a bar in the place of the one of its slot, or between others where it returns true.
  ///
  /// The row of a bar that is not valid goes away.
  mutating func revise(_ bar: CleanBar) -> Bool {
    let start = bar.bar.start
    let place = barEnd(through: start)
    let isNew = place == firstBar || bars[place - 1].bar.start != start
    if isNew {
      bars.insert(bar, at: place)
      barCount += 1
    } else {
      bars[place - 1] = bar
    }
    if !bar.isValid { removeRow(at: start) }
    return isNew
  }

  /// Puts a feature row in the place of the one of its slot, or between others.
  mutating func revise(_ row: FeatureRow) {
    removeRow(at: row.start)
    let (place, width, features) = (rowEnd(through: row.start), Int(row.count), row.values)
    starts.insert(row.start, at: place)
    values.insert(contentsOf: (0..<width).map { features[$0] }, at: place * width)
    rowCount += 1
  }

  private mutating func removeRow(at start: Timestamp) {
    let end = rowEnd(through: start)
    guard end > firstRow, starts[end - 1] == start else { return }
    let width = values.count / starts.count
    values.removeSubrange((end - 1) * width..<end * width)
    starts.remove(at: end - 1)
    rowCount -= 1
  }

  /// Has `board` show the newest of what starts at or before `moment`.
  func show(
    _ symbol: SymbolID, through moment: Timestamp, on board: inout BarBoard
  ) throws(CoreError) {
    let barEnd = barEnd(through: moment)
    try board.replaceBars(
      of: symbol, by: bars.span.extracting(firstBar..<barEnd),
      count: barCount - UInt64(bars.count - barEnd))
    let rowEnd = rowEnd(through: moment)
    let width = starts.isEmpty ? 0 : values.count / starts.count
    try board.replaceRows(
      of: symbol, starts: starts.span.extracting(firstRow..<rowEnd),
      values: values.span.extracting(firstRow * width..<rowEnd * width),
      count: rowCount - UInt64(starts.count - rowEnd))
  }

  /// The bar of the slot at `start`.
  func bar(at start: Timestamp) -> CleanBar? {
    let end = barEnd(through: start)
    return end > firstBar && bars[end - 1].bar.start == start ? bars[end - 1] : nil
  }

  /// Lets `body` read the features of the slot at `start`, where it has any.
  func withRow(at start: Timestamp, _ body: (Span<Double>) -> Void) {
    let end = rowEnd(through: start)
    guard end > firstRow, starts[end - 1] == start else { return }
    let width = values.count / starts.count
    body(values.span.extracting((end - 1) * width..<end * width))
  }

  /// Place after the last bar that starts at or before `moment`.
  private func barEnd(through moment: Timestamp) -> Int {
    Self.end(firstBar..<bars.count) { bars[$0].bar.start <= moment }
  }

  private func rowEnd(through moment: Timestamp) -> Int {
    Self.end(firstRow..<starts.count) { starts[$0] <= moment }
  }

  /// The place of `range` from which on `isBefore` is false.
  private static func end(_ range: Range<Int>, _ isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    var (bars, starts) = (Array(self.bars[firstBar...]), Array(self.starts[firstRow...]))
    let width = self.starts.isEmpty ? 0 : self.values.count / self.starts.count
    var values = Array(self.values[(firstRow * width)...])
    try coder.sequence(&barCount)
    try coder.sequence(&rowCount)
    try coder.values(&bars)
    try coder.values(&starts)
    try coder.values(&values)
    if !Coder.isReading { return }
    (self.bars, self.starts, self.values, firstBar, firstRow) = (bars, starts, values, 0, 0)
  }

  /// Whether tables of such rows and so many bars can be made of these.
  func suffice(depth: Int, featureCount: Int) -> Bool {
    func suffice(_ known: Int, _ count: UInt64) -> Bool {
      UInt64(known) <= count && UInt64(known) >= min(count, UInt64(depth))
    }
    return suffice(bars.count, barCount) && suffice(starts.count, rowCount)
      && values.count == starts.count * featureCount
  }
}
