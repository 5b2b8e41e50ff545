import LoomCore
import Testing

struct VersionBoardTests {
  private let first = SymbolID(rawValue: 0)
  private let second = SymbolID(rawValue: 1)

  @Test func `begins with a version without symbols`() throws {
    let board = try VersionBoard(holders: 1)
    let version = try hold(board.reader)
    let header = version.header
    #expect(header.number == 0)
    #expect(header.symbolCount == 0)
    #expect(header.start == .distantPast)
    let count = version.withCorrelations { $0.count }
    #expect(count == 0)
  }

  @Test(arguments: [0, -1, 4001]) func `refuses a number of holders out of range`(holders: Int) {
    #expect(throws: CoreError.badArgument) { _ = try VersionBoard(holders: holders) }
  }

  @Test func `what is written is read in place`() throws {
    var board = try VersionBoard(holders: 2)
    try write(5, symbols: 2, to: &board)
    let version = try hold(board.reader)
    let number = version.header.number
    #expect(number == 5)
    let correlations = version.withCorrelations { span in span.indices.map { span[$0] } }
    #expect(correlations == [5, 6, 7])
    let counts = version.withJointCounts { span in span.indices.map { span[$0] } }
    #expect(counts == [0, 1, 2])
    let pairs = [version[first, second], version[second, first], version[second, second]]
    #expect(pairs == [6, 6, 7])
    let joint = version.jointCount(second, first)
    #expect(joint == 1)
  }

  @Test func `nobody may hold more than there are places`() throws {
    var board = try VersionBoard(holders: 2)
    let reader = board.reader
    #expect(reader.holders == 2)
    func holdTwo() throws {
      let one = try hold(reader)
      try write(1, symbols: 1, to: &board)
      let other = try hold(reader)
      let refused = reader.hold() == nil
      #expect(refused)
      #expect(reader.withLatest { $0.header.number } == nil)
      let numbers = [one.header.number, other.header.number]
      #expect(numbers == [0, 1])
    }
    try holdTwo()
    #expect(reader.withLatest { $0.header.number } == 1)
  }

  @Test func `moving on tells how many versions were missed`() throws {
    var board = try VersionBoard(holders: 1)
    try write(1, symbols: 2, to: &board)
    var version = try hold(board.reader)
    var missed: [Int] = []
    missed.append(version.advance())
    for number in 2...9 as ClosedRange<UInt64> {
      try write(number, symbols: 2, to: &board)
      if number % 3 == 0 || number == 2 { missed.append(version.advance()) }
    }
    #expect(missed == [0, 0, 0, 2, 2])
    let last = version.header.number
    #expect(last == 9)
  }

  @Test func `a record says what an older version left in it`() throws {
    var board = try VersionBoard(holders: 1)
    var seen: [Int] = []
    for (number, symbols) in [(1, 2), (2, 2), (3, 2), (4, 2), (5, 3), (6, 3), (7, 3)] {
      try board.publish(symbolCount: symbols) { header, correlations, _ in
        seen.append(header.sharedRows)
        for place in correlations.indices { correlations[place] = 0 }
        header.sharedRows = number
      }
    }
    #expect(seen == [-1, -1, 1, 2, -1, -1, 5])
  }

  @Test func `a pair beyond the symbols traps`() async {
    await #expect(processExitsWith: .failure) {
      let board = try VersionBoard(holders: 1)
      _ = board.reader.withLatest { $0[SymbolID(rawValue: 0), SymbolID(rawValue: 0)] }
    }
  }

  /// Holds the latest version; no macro takes what cannot be copied.
  private func hold(_ reader: VersionReader) throws -> HeldVersion {
    guard let version = reader.hold() else { throw NoPlace() }
    return version
  }

  private struct NoPlace: Error {}

  private func write(_ number: UInt64, symbols: Int, to board: inout VersionBoard) throws {
    try board.publish(symbolCount: symbols) { header, correlations, jointCounts in
      header.number = number
      for place in correlations.indices {
        correlations[place] = Double(number) + Double(place)
        jointCounts[place] = Int32(place)
      }
    }
  }
}
