internal import LoomCore

/// Bars and their feature rows that wait for their slot to be final, the oldest first.
///
/// A heap by start over places that are used again: nothing is allocated once as many have waited.
struct WaitingBars: ~Copyable {
  private struct Node: BitwiseCopyable {
    var start: Timestamp
    var place: Int
  }

  private let featureCount: Int
  private var heap: [Node] = []
  private var bars: [CleanBar] = []
  /// By place; only those of valid bars mean anything.
  private var values: [Double] = []
  private var free: [Int] = []

  init(featureCount: Int) { self.featureCount = featureCount }

  /// Bytes for each bar that ever waited together with others.
  static func byteCount(featureCount: Int) -> Int {
    MemoryLayout<Node>.stride + MemoryLayout<CleanBar>.stride + 8 * featureCount + 8
  }

  /// Start of the oldest bar, nil where none waits.
  var firstStart: Timestamp? { heap.first?.start }

  /// Adds a bar without a feature row.
  mutating func add(_ bar: CleanBar) { _ = insert(bar) }

  /// Adds a bar with its features.
  mutating func add(_ bar: CleanBar, _ features: Span<Double>) {
    precondition(features.count == featureCount, "\(features.count) features, not \(featureCount)")
    Self.write(features, to: &values, from: insert(bar) * featureCount)
  }

  private static func write(_ features: Span<Double>, to values: inout [Double], from begin: Int) {
    var room = values.mutableSpan
    for index in features.indices { room[begin + index] = features[index] }
  }

  /// Has the bars of a symbol that wait and start at or after `start`, and their features, be those
  /// of `corrected`.
  ///
  /// - Complexity: O(bars that wait).
  mutating func revise(
    _ symbol: SymbolID, from start: Timestamp, by corrected: borrowing CorrectableBars
  ) {
    for node in heap where node.start >= start && bars[node.place].bar.symbol == symbol {
      guard let bar = corrected.bar(at: node.start) else { continue }
      bars[node.place] = bar
      corrected.withRow(at: node.start) { row in
        Self.write(row, to: &values, from: node.place * featureCount)
      }
    }
  }

  /// Moves the oldest bar, and its row if it is valid, to `board`.
  mutating func moveFirst(to board: inout BarBoard) throws(CoreError) {
    guard let node = heap.first else { return }
    let bar = bars[node.place]
    try board.append(bar)
    if bar.isValid {
      let begin = node.place * featureCount
      try Self.append(bar, values, begin..<begin + featureCount, to: &board)
    }
    free.append(node.place)
    removeFirst()
  }

  // Static, as a span of the stored values borrows what holds them.
  private static func append(
    _ bar: CleanBar, _ values: borrowing [Double], _ range: Range<Int>, to board: inout BarBoard
  ) throws(CoreError) {
    try board.append(
      start: bar.bar.start, symbol: bar.bar.symbol, values: values.span.extracting(range))
  }

  private func row(at place: Int) -> [Double] {
    Array(values[place * featureCount..<(place + 1) * featureCount])
  }

  /// Returns the place of the bar.
  private mutating func insert(_ bar: CleanBar) -> Int {
    let place = free.popLast() ?? bars.count
    if place == bars.count {
      bars.append(bar)
      for _ in 0..<featureCount { values.append(.nan) }
    } else {
      bars[place] = bar
    }
    add(Node(start: bar.bar.start, place: place))
    return place
  }

  private mutating func add(_ node: Node) {
    heap.append(node)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent].start <= node.start { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = node
  }

  private mutating func removeFirst() {
    guard let node = heap.popLast(), !heap.isEmpty else { return }
    var parent = 0
    while let child = earlierChild(of: parent), heap[child].start < node.start {
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = node
  }

  private func earlierChild(of parent: Int) -> Int? {
    let left = 2 * parent + 1
    if left >= heap.count { return nil }
    let right = left + 1
    return right < heap.count && heap[right].start < heap[left].start ? right : left
  }

  /// Transfers the bars, none of a symbol beyond so many, and their rows in the order of the heap,
  /// which is the same after it.
  mutating func transfer<Coder: SnapshotCoder>(
    of symbolCount: Int, through coder: inout Coder
  ) throws(SnapshotError) {
    var count = heap.count
    try coder.length(&count)
    var row = [Double](repeating: .nan, count: featureCount)
    for place in 0..<count {
      var bar = Coder.isReading ? CleanBar.none : bars[heap[place].place]
      try coder.value(&bar)
      try coder.require(bar.bar.symbol.index < symbolCount, "the symbol of a bar")
      if bar.isValid {
        if !Coder.isReading { row = self.row(at: heap[place].place) }
        try coder.elements(&row)
      }
      if !Coder.isReading { continue }
      if bar.isValid { add(bar, row.span) } else { add(bar) }
    }
  }
}
