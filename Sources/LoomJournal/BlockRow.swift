internal import CLoomJournal

/// The columns of a row of the table `blocks` that stand before the block itself.
struct BlockRow: Equatable {
  /// What is selected behind the identifier.
  static let columns = """
    first_group_seq, first_seq, last_seq, first_time_ns, last_time_ns, first_symbol, \
    last_symbol, count, block
    """
  static let blockColumn: Int32 = 9

  let id: Int64
  /// The first sequence of the group that the block belongs to.
  let group: UInt64
  private let facts: [Int64]

  init(_ row: borrowing Statement) {
    id = row.integer(0)
    group = UInt64(bitPattern: row.integer(1))
    var facts: [Int64] = []
    for column: Int32 in 2..<Self.blockColumn { facts.append(row.integer(column)) }
    self.facts = facts
  }

  init(id: Int64, group: UInt64, _ header: loom_block_header) {
    self.id = id
    self.group = group
    facts = [
      Int64(bitPattern: header.first_sequence), Int64(bitPattern: header.last_sequence),
      header.first_time, header.last_time, Int64(header.first_symbol), Int64(header.last_symbol),
      Int64(header.count),
    ]
  }

  /// The sequences between which its inputs lie.
  var sequences: ClosedRange<UInt64> {
    let (first, last) = (UInt64(bitPattern: facts[0]), UInt64(bitPattern: facts[1]))
    return first...max(first, last)
  }
}
