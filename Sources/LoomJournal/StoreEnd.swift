internal import CLoomJournal
internal import LoomCore

/// The last inputs of a store that are whole: what a run goes on behind.
struct StoreEnd {
  /// The last one; 0 without any.
  private(set) var sequence: UInt64 = 0
  /// Inputs behind it that are damaged.
  private(set) var cut: ClosedRange<UInt64>?
  /// The last block, and its hash.
  private(set) var block: Int64 = 0
  private(set) var hash = loom_block_hash()

  /// Looks at the groups of inputs from the last one back, until one is whole.
  init(of database: borrowing Database) throws(JournalError) {
    let last = try database.integer("SELECT max(last_seq) FROM blocks") ?? 0
    var rows = try Statement(
      "SELECT id, first_group_seq, block FROM blocks ORDER BY id DESC", on: database)
    var decoder = try BlockDecoder()
    var isMore = try rows.next(on: database)
    while isMore {
      let first = UInt64(bitPattern: rows.integer(1))
      let block = rows.integer(0)
      let hash = rows.withBytes(2) { BlockChain.hash(of: $0) }
      var ticks: [SequencedTick] = []
      var isWhole = true
      while isMore, UInt64(bitPattern: rows.integer(1)) == first {
        let status = Self.decode(rows, by: &decoder, appendingTo: &ticks)
        isWhole = isWhole && status == .ok
        isMore = try rows.next(on: database)
      }
      let (end, isTooFar) = first.addingReportingOverflow(UInt64(ticks.count))
      if isWhole, !isTooFar, GroupCheck(ticks, expected: first..<end).superfluous == 0 {
        (sequence, self.block, self.hash) = (end - 1, block, hash)
        return
      }
      // Damage may have put them anywhere.
      let begin = min(first, cut?.lowerBound ?? first)
      cut = begin...max(begin, cut?.upperBound ?? UInt64(max(0, last)))
    }
  }

  // Static, as the statement's bytes go to the decoder.
  private static func decode(
    _ rows: borrowing Statement, by decoder: inout BlockDecoder,
    appendingTo ticks: inout [SequencedTick]
  ) -> BlockStatus {
    rows.withBytes(2) { decoder.decode($0, appendingTo: &ticks) }
  }
}
