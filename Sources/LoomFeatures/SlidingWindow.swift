/// What a ``SlidingWindow`` keeps of its samples: parts that are only ever put together.
protocol WindowSummary: BitwiseCopyable, Sendable {
  /// What the window holds.
  associatedtype Sample: BitwiseCopyable, Sendable

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
/// the slots that are filled next. The first part grows by each sample; the middle is added up and
/// the tails of the oldest block are computed once per block. With blocks of about √length, one
/// update costs three additions and once in √length updates about 2·√length more.
struct SlidingWindow<Summary: WindowSummary>: Sendable {
  /// How many samples make a full window.
  let length: Int
  /// Where the distances of the summaries are measured from.
  private(set) var centre: Summary.Sample

  private let blockLength: Int
  private var samples: [Summary.Sample]
  /// Of the oldest block, from each place to its end; then of each block as a whole.
  private var parts: [Summary]
  private var newest = Summary.empty
  private var middle = Summary.empty
  private var blockStart = 0
  private var place = 0
  private var missing: Int

  /// Creates an empty window of at least one sample.
  init(length: Int, centre: Summary.Sample) {
    precondition(length >= 1, "a window of \(length) values is not possible")
    self.length = length
    self.centre = centre
    missing = length
    blockLength = Self.blockLength(of: length)
    samples = Array(repeating: centre, count: length)
    parts = Array(repeating: .empty, count: blockLength + length / blockLength)
  }

  /// Whether `length` samples have come since the start or the last ``restart()``.
  var isFull: Bool { missing == 0 }

  /// The summary of the last `length` samples; without meaning unless ``isFull``.
  var summary: Summary {
    var result = newest
    result.add(middle)
    result.add(parts[place])
    return result
  }

  /// Takes in one sample; the oldest leaves.
  mutating func push(_ sample: Summary.Sample) {
    samples[blockStart + place] = sample
    newest.add(Summary(sample, around: centre))
    place += 1
    if missing > 0 { missing -= 1 }
    if place == blockLength { finishBlock() }
  }

  /// Forgets every sample: the window is full again after `length` more.
  mutating func restart() { missing = length }

  /// Moves the point from which distances are measured: O(length).
  mutating func recentre(at centre: Summary.Sample) {
    self.centre = centre
    for start in stride(from: 0, to: length, by: blockLength) {
      parts[blockLength + start / blockLength] = total(start..<start + blockLength)
    }
    newest = total(blockStart..<blockStart + place)
    openBlock()
  }

  /// Calls `body` with every sample of a full window, in no particular order.
  func forEach(_ body: (Summary.Sample) -> Void) { samples.forEach(body) }

  private mutating func finishBlock() {
    parts[blockLength + blockStart / blockLength] = newest
    newest = .empty
    place = 0
    blockStart = blockStart + blockLength == length ? 0 : blockStart + blockLength
    openBlock()
  }

  /// Prepares what holds for as long as the same block is the oldest.
  private mutating func openBlock() {
    var tail = Summary.empty
    for i in stride(from: blockLength - 1, through: 0, by: -1) {
      tail.add(Summary(samples[blockStart + i], around: centre))
      parts[i] = tail
    }
    middle = .empty
    let oldest = blockLength + blockStart / blockLength
    for i in blockLength..<parts.count where i != oldest { middle.add(parts[i]) }
  }

  private func total(_ range: Range<Int>) -> Summary {
    var result = Summary.empty
    for i in range { result.add(Summary(samples[i], around: centre)) }
    return result
  }

  /// The smallest divisor of `length` that is not below its root.
  private static func blockLength(of length: Int) -> Int {
    (1...length).first { length % $0 == 0 && $0 * $0 >= length } ?? length
  }
}
