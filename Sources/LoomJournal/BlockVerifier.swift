internal import CLoomJournal
internal import LoomCore

/// Verifies the inputs of a store: every block, their chain, and that no sequence is missing.
struct BlockVerifier: ~Copyable {
  private var decoder: BlockDecoder
  private var chain = BlockChain()
  private var group: [SequencedTick] = []
  private var groupFirst: UInt64?
  /// The group of the block before.
  private var previousGroup: UInt64?
  private var groupIsDamaged = false
  /// The sequence that the next group should begin with.
  private var next: UInt64?
  private let gaps: [StoreGap]

  init(gaps: [StoreGap]) throws(JournalError) {
    decoder = try BlockDecoder()
    self.gaps = gaps
  }

  /// Takes the block at which `row` stands.
  mutating func take(_ row: borrowing Statement, _ report: inout StoreVerification) {
    let block = BlockRow(row)
    if block.group != groupFirst { beginGroup(block, &report) }
    defer { previousGroup = block.group }
    let before = group.count
    let reason = Self.problem(row, block, &decoder, &chain, &group)
    report.blocks += 1
    report.inputs += group.count - before
    if let reason {
      if reason != Self.brokenChain { groupIsDamaged = true }
      // What follows a broken chain is looked at as if it began there; so one break is one finding.
      if reason != Self.brokenChain { chain.interrupt() }
      if reason == Self.brokenChain && followsGap(block) { return }
      report.findings.append(StoreFinding(place: .inputs(block.sequences), reason: reason))
    }
  }

  private static let brokenChain = "what stood before it is missing or was changed"

  private static func problem(
    _ row: borrowing Statement, _ block: BlockRow, _ decoder: inout BlockDecoder,
    _ chain: inout BlockChain, _ group: inout [SequencedTick]
  ) -> String? {
    row.withBytes(BlockRow.blockColumn) { bytes in
      let status = decoder.decode(bytes, appendingTo: &group)
      guard status == .ok, let header = BlockChain.header(of: bytes) else { return status.reason }
      let size = unsafe withUnsafePointer(to: header) { unsafe loom_block_size($0) }
      if size != bytes.byteCount { return "bytes follow its end" }
      if BlockRow(id: block.id, group: block.group, header) != block {
        return "its row says something else than its header"
      }
      return chain.follow(bytes, header) ? nil : brokenChain
    }
  }

  private mutating func beginGroup(_ block: BlockRow, _ report: inout StoreVerification) {
    endGroup(before: block.group, &report)
    if let next, block.group < next {
      report.findings.append(
        StoreFinding(place: .inputs(block.sequences), reason: "they stand behind later ones"))
    }
    groupFirst = block.group
  }

  /// Ends the last group.
  mutating func finish(_ report: inout StoreVerification) { endGroup(before: nil, &report) }

  /// Inputs from the end of the last group to `end` cannot be reached.
  mutating func skip() {
    chain.interrupt()
    groupIsDamaged = true
  }

  private mutating func endGroup(before end: UInt64?, _ report: inout StoreVerification) {
    guard let first = groupFirst else { return }
    // Of the last group only what is there tells how far it goes.
    let last = group.lazy.map(\.sequence).max() ?? first
    let end = max(end ?? last &+ 1, first)
    if let last = group.isEmpty ? nil : end - 1, last >= first {
      // A damaged row may begin before those that stand before it.
      let before = report.sequences ?? first...last
      report.sequences = min(before.lowerBound, first)...max(before.upperBound, last)
    }
    let check = GroupCheck(group, expected: first..<end)
    for missing in check.missing where !isKnown(missing) && !isReported(missing, report) {
      report.findings.append(StoreFinding(place: .inputs(missing), reason: "they are missing"))
    }
    if check.superfluous > 0 {
      report.findings.append(
        StoreFinding(
          place: .inputs(first...max(first, last)),
          reason: "\(check.superfluous) of them are there twice or belong elsewhere"))
    }
    next = end
    group.removeAll(keepingCapacity: true)
    groupIsDamaged = false
  }

  private func isKnown(_ sequences: ClosedRange<UInt64>) -> Bool {
    gaps.contains { gap in
      gap.sequences.lowerBound <= sequences.lowerBound
        && sequences.upperBound <= gap.sequences.upperBound
    }
  }

  /// Whether what stood before the block is known to be missing.
  private func followsGap(_ block: BlockRow) -> Bool {
    let first = previousGroup ?? block.group
    return gaps.contains {
      $0.sequences.upperBound >= first && $0.sequences.lowerBound <= block.sequences.upperBound
    }
  }

  /// Whether they lie within a block of this group that was found damaged.
  private func isReported(
    _ sequences: ClosedRange<UInt64>, _ report: borrowing StoreVerification
  ) -> Bool {
    guard groupIsDamaged else { return false }
    return report.findings.contains { finding in
      guard case .inputs(let range) = finding.place else { return false }
      return range.overlaps(sequences)
    }
  }
}
