internal import LoomCore

/// What a ``SlidingWindow`` keeps of its samples: parts that are only ever put together.
protocol WindowSummary: BitwiseCopyable, Sendable {
  /// What the window holds.
  associatedtype Sample: SnapshotValue, Sendable

  /// The summary of no sample.
  static var empty: Self { get }

  /// The summary of one sample; sums of powers are of its distance from `centre`.
  init(_ sample: Sample, around centre: Sample)

  /// Makes this the summary of its own samples and those of `other`.
  mutating func add(_ other: Self)
}

/// The summary of the last `length` samples, in constant amortised time and without drift.
///
/// Nothing is ever subtracted, so what has left the window has left no trace, whatever its size.
/// The ring of samples is cut into blocks of equal length. The window is the samples of the block
/// being filled, the whole blocks in the middle, and the rest of the oldest block, which occupies
/// the slots that are filled next. The first part grows by each sample; once per block the middle
/// is added up and continued by the oldest block from its end. With blocks of about 2·√length, one
/// update costs two additions, and once in 2·√length updates about 2.5·√length more.
struct SlidingWindow<Summary: WindowSummary>: SnapshotState, Sendable {
  /// How many samples make a full window.
  let length: Int
  /// Where the distances of the summaries are measured from.
  private(set) var centre: Summary.Sample

  private let blockLength: Int
  private var samples: [Summary.Sample]
  /// At each place of the block being filled, what of the window is older than this block.
  private var older: [Summary]
  /// Each block as a whole.
  private var totals: [Summary]
  /// What of the window is in the block being filled.
  private var newest = Summary.empty
  private var block = 0
  private var slot = 0
  private var blockEnd: Int
  private var missing: Int

  /// Creates an empty window of at least one sample.
  init(length: Int, centre: Summary.Sample) {
    precondition(length >= 1, "a window of \(length) values is not possible")
    self.length = length
    self.centre = centre
    blockLength = Self.blockLength(of: length)
    blockEnd = blockLength
    missing = length
    samples = Array(repeating: centre, count: length)
    older = Array(repeating: .empty, count: blockLength)
    totals = Array(repeating: .empty, count: length / blockLength)
  }

  /// Takes in one sample and returns the summary of the last `length`; nil until they have come.
  @inline(__always)
  mutating func push(_ sample: Summary.Sample) -> Summary? {
    samples[slot] = sample
    newest.add(Summary(sample, around: centre))
    slot &+= 1
    if slot == blockEnd { finishBlock() }
    if missing > 1 {
      missing &-= 1
      return nil
    }
    return total()
  }

  /// Forgets every sample: the window is full again with the `length`-th from here.
  mutating func restart() { missing = length }

  /// Moves the point from which distances are measured and returns the summary around it.
  ///
  /// The window is full. O(length).
  @inline(never)
  mutating func recentre(at centre: Summary.Sample) -> Summary {
    self.centre = centre
    for i in totals.indices {
      totals[i] = summarize(i * blockLength..<(i + 1) * blockLength)
    }
    newest = summarize(block * blockLength..<slot)
    openBlock()
    return total()
  }

  /// Combines `initial` with every sample of a full window, in no particular order.
  func reduce<Result>(_ initial: Result, _ combine: (Result, Summary.Sample) -> Result) -> Result {
    samples.reduce(initial, combine)
  }

  @inline(__always)
  private mutating func total() -> Summary {
    var result = newest
    result.add(older[slot &- (blockEnd &- blockLength)])
    return result
  }

  @inline(never)
  private mutating func finishBlock() {
    totals[block] = newest
    newest = .empty
    block = block + 1 == totals.count ? 0 : block + 1
    slot = block * blockLength
    blockEnd = slot + blockLength
    openBlock()
  }

  /// Prepares what holds for as long as this block is filled.
  private mutating func openBlock() {
    var sum = Summary.empty
    for i in totals.indices where i != block { sum.add(totals[i]) }
    let oldest = samples[blockEnd - blockLength..<blockEnd]
    Self.accumulate(oldest.span, around: centre, onto: sum, into: &older)
  }

  /// Continues `sum` by the samples from the last to the first and keeps every step.
  private static func accumulate(
    _ samples: Span<Summary.Sample>, around centre: Summary.Sample, onto sum: Summary,
    into older: inout [Summary]
  ) {
    var sum = sum
    var steps = older.mutableSpan
    var place = samples.count
    while place > 0 {
      place &-= 1
      sum.add(Summary(samples[place], around: centre))
      steps[place] = sum
    }
  }

  private func summarize(_ range: Range<Int>) -> Summary {
    var result = Summary.empty
    for i in range { result.add(Summary(samples[i], around: centre)) }
    return result
  }

  /// The smallest divisor of `length` that is not below twice its root, or `length`.
  ///
  /// Twice, because a block costs more than the additions in it: fewer of them are faster.
  private static func blockLength(of length: Int) -> Int {
    (1...length).first { length % $0 == 0 && $0 * $0 >= 4 * length } ?? length
  }

  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.elements(&samples)
    try coder.value(&centre)
    try coder.value(&slot)
    try coder.value(&missing)
    try coder.require(slot >= 0 && slot < length, "a place in a window")
    try coder.require(missing >= 0 && missing <= length, "what a window lacks")
    if Coder.isReading { summarizeAll() }
  }

  /// Adds up every part again.
  ///
  /// Each has the bits that it had, being made of the same samples in the same order; but for blocks
  /// that were never filled, which nobody asks for.
  private mutating func summarizeAll() {
    for i in totals.indices { totals[i] = summarize(i * blockLength..<(i + 1) * blockLength) }
    block = slot / blockLength
    blockEnd = (block + 1) * blockLength
    newest = summarize(block * blockLength..<slot)
    openBlock()
  }
}
