import Dispatch
import Glibc
import LoomCore
import Synchronization
import Testing

/// Versions whose symbols change between a writer and readers at full speed.
///
/// Natively a torn record would show as a column that is not that of its symbol; under
/// `--sanitize=thread` this fails if a record is written while someone reads it.
struct VersionBoardThreadTests {
  @Test(arguments: [(1, 1), (4, 2), (3, 3)])
  func `symbols and matrix are of one version`(readers: Int, holders: Int) throws {
    var board = try VersionBoard(holders: holders)
    let reader = board.reader
    let isDone = Atomic(false)
    let wrong = Atomic(0)
    let group = DispatchGroup()
    for name in 0..<readers {
      DispatchQueue(label: "reader \(name)").async(group: group) {
        var count = 0
        while !isDone.load(ordering: .relaxed) || count == 0 {
          guard let isWhole = reader.withLatest({ isWhole($0) }) else {
            sched_yield()
            continue
          }
          if !isWhole { wrong.add(1, ordering: .relaxed) }
          count += 1
        }
      }
    }
    for number in 1...1500 {
      // Other symbols with every third version.
      if number % 3 == 0 {
        let first = UInt32(number / 3 % 11)
        let symbols = (0..<UInt32(number / 3 % 4)).map { SymbolID(rawValue: first + 2 * $0) }
        board.arrange(symbols.span, of: 32)
      }
      try board.publish { header, correlations, _ in
        header.number = UInt64(number)
        for place in correlations.indices { correlations[place] = Double(number) }
      }
    }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}

/// Whether the columns are those of the symbols and all values those of the version.
private func isWhole(_ version: borrowing HeldVersion) -> Bool {
  let symbols = version.withSymbols { span in span.indices.map { span[$0] } }
  for (column, symbol) in symbols.enumerated() where version.column(of: symbol) != column {
    return false
  }
  let known = (0..<UInt32(version.header.symbolCount)).count {
    version.column(of: SymbolID(rawValue: $0)) != nil
  }
  let number = Double(version.header.number)
  return known == symbols.count
    && version.withCorrelations { span in span.indices.allSatisfy { span[$0] == number } }
}
