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

  @Test func `a version lists its symbols and finds their columns`() throws {
    var board = try VersionBoard(holders: 2)
    // More often than there are records, so that each is written by two arrangements.
    for (number, symbols) in [[4, 1], [1, 4], [0, 1], [3], [], [5, 0, 2], [2, 5]].enumerated() {
      let identifiers = symbols.map { SymbolID(rawValue: UInt32($0)) }
      board.arrange(identifiers.span, of: 6)
      try board.publish { header, correlations, jointCounts in
        header.number = UInt64(number)
        for place in correlations.indices {
          correlations[place] = Double(place)
          jointCounts[place] = Int32(place + 1)
        }
      }
      let version = try hold(board.reader)
      let header = version.header
      #expect(header.columnCount == symbols.count)
      #expect(header.symbolCount == 6)
      let listed = version.withSymbols { span in span.indices.map { span[$0] } }
      #expect(listed == identifiers)
      let columns = (0..<9).map { version.column(of: SymbolID(rawValue: $0)) }
      #expect(columns == (0..<9).map { symbols.firstIndex(of: $0) })
      let unknown = version.column(of: .unknown)
      #expect(unknown == nil)
    }
  }

  @Test func `a pair is found in either order, and NaN beyond the matrix`() throws {
    var board = try VersionBoard(holders: 2)
    let symbols = [7, 3, 5].map { SymbolID(rawValue: $0) }
    board.arrange(symbols.span, of: 8)
    try board.publish { _, correlations, jointCounts in
      for place in correlations.indices {
        correlations[place] = Double(place) / 8
        jointCounts[place] = Int32(place + 1)
      }
    }
    let version = try hold(board.reader)
    // By columns: (7,7) (7,3) (7,5) (3,3) (3,5) (5,5).
    let pairs = [(7, 7), (3, 7), (5, 7), (3, 3), (3, 5), (5, 5)] as [(UInt32, UInt32)]
    for (place, pair) in pairs.enumerated() {
      let (one, other) = (SymbolID(rawValue: pair.0), SymbolID(rawValue: pair.1))
      let (value, mirrored) = (version[one, other], version[other, one])
      #expect(value == Double(place) / 8)
      #expect(mirrored == value)
      let (count, counted) = (version.jointCount(one, other), version.jointCount(other, one))
      #expect(count == place + 1)
      #expect(counted == count)
    }
    for absent in [SymbolID(rawValue: 4), SymbolID(rawValue: 8), .unknown] {
      let isAbsent = version[absent, symbols[0]].isNaN && version[symbols[0], absent].isNaN
      #expect(isAbsent)
      let count = version.jointCount(absent, absent)
      #expect(count == 0)
    }
  }

  @Test func `a column of a symbol that is not known traps`() async {
    await #expect(processExitsWith: .failure) {
      var board = try VersionBoard(holders: 1)
      let symbols = [SymbolID(rawValue: 2)]
      board.arrange(symbols.span, of: 2)
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
