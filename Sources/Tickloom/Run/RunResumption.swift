internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomSystem

/// How a run goes on in the store that holds its beginning.
///
/// What the store holds is taken from there, from the newest snapshot on; then its inputs go on behind
/// it. An export or a report is of the whole run, so for one everything is made anew from the first row.
struct RunResumption: Sendable {
  /// Where the store ends.
  let point: StoreResumption
  /// Whether the inputs are given again from their first row: files are, a live stream goes on.
  let isGivenAgain: Bool
  /// Whether the rows that are given again are taken again, not what the store holds of them.
  let takesAllAgain: Bool

  /// Nil where there is nothing to go on in.
  init?(_ configuration: RunConfiguration, isLive: Bool) throws(JournalError) {
    guard configuration.resumes, let path = configuration.storePath,
      StoreResumption.isPossible(path: path)
    else { return nil }
    let isOfWhole = configuration.exportFolder != nil || configuration.collectsCharts
    var point = try StoreResumption(path: path, usesSnapshot: !isOfWhole)
    // Where damaged inputs were cut off, it is not known how many other rows were read.
    let isCut = !isLive && point.cut != nil
    if let snapshot = point.snapshot, isCut || !RunSnapshot.isReadable(snapshot) {
      point = try StoreResumption(path: path, usesSnapshot: false)
    }
    self.point = point
    isGivenAgain = !isLive
    takesAllAgain = isGivenAgain && (isOfWhole || isCut)
  }

  /// Says in a summary where the run went on.
  func tell(_ summary: inout RunSummary) {
    if let cut = point.cut {
      summary.warnings.append(
        "\(point.path): the inputs \(cut.lowerBound) to \(cut.upperBound) at its end were damaged"
          + " and cut off" + (isGivenAgain ? "; they were taken again" : ""))
    }
    summary.notes.append(("store", "went on behind input \(point.lastSequence)"))
  }

  /// Rows that were taken from all inputs.
  var rows: Int { point.positions.reduce(0) { $0 + $1.rows } }
}

extension RunConfiguration {
  /// The store in which the run can go on, and how many inputs it holds, where `error` has ended it.
  public func keptInputs(after error: any Error) -> (path: String, count: UInt64)? {
    guard let path = storePath, let error = error as? RunError else { return nil }
    switch error {
    case .store(.failed), .store(.outOfMemory), .system, .input, .core, .cancelled: break
    default: return nil
    }
    guard let point = try? StoreResumption(path: path), point.lastSequence > 0
    else { return nil }
    return (path, point.lastSequence)
  }
}

/// Passes over the rows that a store holds already, and makes sure that they are the same.
struct RunResumedRows: ~Copyable, Sendable {
  private let resumption: RunResumption
  private var stored: StoredTicks
  private var group: [SequencedTick] = []
  private var place = 0
  private var rowsLeft: Int
  private var namesChecked = 0
  /// Whether an input came that the store does not hold.
  private var isBehind = false
  /// The last input of the store that came again.
  private var met: UInt64 = 0

  init(_ resumption: RunResumption) throws(JournalError) {
    self.resumption = resumption
    stored = try StoredTicks(path: resumption.point.path)
    rowsLeft = resumption.takesAllAgain ? 0 : resumption.rows
  }

  /// Takes the next rows, out of which those to be passed over are removed.
  ///
  /// - Throws: ``RunError/configuration(_:)`` where a row is not what it was.
  mutating func take(_ batch: inout InputBatch, names: [String]) throws {
    try check(names)
    let last = resumption.point.lastSequence
    if place == group.count, rowsLeft == 0, isBehind { return }
    // What was deleted cannot be compared any more.
    let deleted = resumption.point.retained.inputs
    for row in batch.ticks.indices where batch.ticks[row].sequence > 0 {
      met = min(last, max(met, batch.ticks[row].sequence))
      if batch.ticks[row].sequence <= deleted { continue }
      if batch.ticks[row].sequence > last {
        isBehind = true
        break
      }
      try check(batch.ticks[row])
    }
    if resumption.takesAllAgain { return }
    let passed = min(rowsLeft, batch.ticks.count)
    let sequences = batch.ticks.map(\.sequence)
    if let early = sequences.prefix(passed).first(where: { $0 > last }) {
      throw Self.difference("input \(early) is among the rows that were read before")
    }
    batch.removeRows { row in
      row < passed || sequences[row] > 0 && sequences[row] <= last
    }
    rowsLeft -= passed
  }

  /// The inputs have ended.
  func finish() throws(RunError) {
    if rowsLeft > 0 { throw Self.difference("they end \(rowsLeft) rows before those it holds") }
    let last = resumption.point.lastSequence
    if met < last { throw Self.difference("they end behind input \(met), and it holds \(last)") }
  }

  private mutating func check(_ names: [String]) throws(RunError) {
    let known = resumption.point.symbols
    while namesChecked < min(names.count, known.count) {
      if names[namesChecked] != known[namesChecked] {
        throw Self.difference(
          "symbol \(namesChecked + 1) is \(names[namesChecked]), not \(known[namesChecked])")
      }
      namesChecked += 1
    }
  }

  private mutating func check(_ input: SequencedTick) throws {
    if place == group.count {
      place = 0
      if try !stored.read(into: &group) { group.removeAll() }
    }
    guard place < group.count, group[place].sequence == input.sequence,
      group[place].tick.hasSameBits(as: input.tick)
    else { throw Self.difference("input \(input.sequence) differs") }
    place += 1
  }

  private static func difference(_ what: String) -> RunError {
    .configuration(
      "the inputs are not those that the store holds: \(what); give the same inputs and options as"
        + " before, or name a new file with --store")
  }
}
