import LoomCore
import LoomImport
import Testing

struct OrderTests {
  private let folder = Folder()

  private func read(
    _ text: String, _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> Reading { try Reading([folder.write("f.csv", text)], configuration) }

  private static func rows(_ seconds: [Int]) -> String {
    "time,price\n" + seconds.enumerated().map { "\(1_500_000_000 + $1),\($0 + 1)\n" }.joined()
  }

  @Test func `a file that mostly goes back in time is read from its end`() throws {
    let reading = try read(Self.rows([5, 4, 4, 3, 9, 2, 1]))
    #expect(reading.sources[0].isNewestFirst)
    #expect(reading.rows.map(\.line) == [8, 7, 6, 5, 4, 3, 2])
    #expect(reading.rows.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7])
  }

  @Test(arguments: [[1, 2, 1], [1], [], [3, 3, 3], [1, 2, 3, 2], [5, 4, 6, 7]])
  func `another file is read as it stands`(seconds: [Int]) throws {
    let reading = try read(Self.rows(seconds))
    #expect(!reading.sources[0].isNewestFirst)
    #expect(reading.rows.map(\.line) == seconds.indices.map { $0 + 2 })
  }

  @Test(arguments: [true, false])
  func `snapshots that go back from symbol to symbol still rise`(isUnknown: Bool) throws {
    // A … E once a second, stamped k, k - 0.1 … k - 0.4; four of five neighbours go back.
    let lines = (0..<400).flatMap { second in
      (0..<5).map { "\(1_500_000_000_000 + second * 1000 - $0 * 100),S\($0),1\n" }
    }
    let configuration = ImportConfiguration(symbols: isUnknown ? ["S1"] : [])
    let rising = try read("time,symbol,price\n" + lines.joined(), configuration)
    #expect(!rising.sources[0].isNewestFirst)
    #expect(rising.rows.first?.line == (isUnknown ? 3 : 2))
    let falling = try read(
      "time,symbol,price\n" + lines.reversed().joined(), configuration)
    #expect(falling.sources[0].isNewestFirst)
  }

  @Test func `symbols of one row each tell no order`() throws {
    let lines = (0..<5).map { "\(1_500_000_000 - $0),S\($0),1\n" }.joined()
    #expect(try !read("time,symbol,price\n" + lines).sources[0].isNewestFirst)
  }

  @Test func `only the first thousand rows with a time decide`() throws {
    let head = (0..<1000).map { "\(1_500_000_000 + $0),1\n" }.joined()
    let tail = (0..<5000).map { "\(1_500_000_000 - $0),1\n" }.joined()
    #expect(try !read("time,price\n" + head + tail).sources[0].isNewestFirst)
    let noise = String(repeating: "x,1\n", count: 3000)
    #expect(try read("time,price\n1,1\n" + noise + "0,1\n").sources[0].isNewestFirst)
  }

  /// Blocks, quotes with line feeds and broken rows, read forward and from the end.
  @Test(arguments: 1...8)
  func `reading from the end is reading forward turned around`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var lines: [String] = []
    for row in 0..<3000 {
      let time = 1_500_000_000 + row * 60
      switch Int.random(in: 0..<20, using: &random) {
      case 0: lines.append("\(time),\"S\",oops")
      case 1: lines.append("\(time),\"S\nT\",1")
      case 2: lines.append("")
      case 3: lines.append("short")
      default: lines.append("\(time),S\(row % 7),\(row)")
      }
    }
    let head = "time,symbol,price\n"
    let forward = try read(head + lines.joined(separator: "\n"))
    for bytes in [
      Array((head + lines.reversed().joined(separator: "\r\n") + "\n").utf8),
      Packed.gzip(Array((head + lines.reversed().joined(separator: "\n")).utf8)),
    ] {
      let back = try Reading([folder.write("g.csv", bytes)])
      #expect(back.sources[0].isNewestFirst)
      #expect(back.rows.map(\.time) == forward.rows.map(\.time))
      #expect(back.outcomes == forward.outcomes)
      #expect(back.symbols == forward.symbols)
      #expect(back.rows.map(\.line) == back.rows.map(\.line).sorted(by: >))
    }
  }

  @Test func `the step of bars is the smallest distance within one symbol`() throws {
    let head = "time,symbol,open,high,low,close\n"
    func row(_ minute: Int, _ symbol: String) -> String {
      "\(1_500_000_000 + minute * 60),\(symbol),1,1,1,1\n"
    }
    let both = head + row(0, "A") + row(1, "B") + row(5, "A") + row(11, "B") + row(15, "A")
    #expect(try read(both).sources[0].step == Timeframe("5m"))
    let configuration = ImportConfiguration(barStep: Timeframe("1m"))
    #expect(try read(both, configuration).sources[0].step == Timeframe("1m"))
    #expect(try read(head + row(0, "A") + row(0, "A")).sources[0].step == nil)
    #expect(try read(head).sources[0].step == nil)
    #expect(try read(Self.rows([1, 2])).sources[0].step == nil)
  }

  @Test func `the step of a newest-first file is that of its last rows`() throws {
    var text = "time,open,high,low,close\n"
    for hour in (0..<1500).reversed() {
      text += "\(1_500_000_000 + hour * 3600),1,1,1,1\n"
      if hour == 1490 { text += "\(1_500_000_000 + hour * 3600 - 60),1,1,1,1\n" }
    }
    #expect(try read(text).sources[0].step == Timeframe("1h"))
  }

  @Test(arguments: [(1, false), (2, false), (3, true), (390, true)])
  func `bars of which most have the same time are told`(perDay: Int, isTold: Bool) throws {
    var text = "date,ToD,open,high,low,close\n"
    for day in 1...4 {
      for minute in 0..<perDay { text += "2018-02-0\(day),09:\(10 + minute % 50):00,1,1,1,1\n" }
    }
    let notes = try read(text).sources[0].notes
    #expect(notes.contains { $0.contains("--columns time=date+clock") } == isTold, "\(notes)")
    let joined = ImportConfiguration(
      columns: try ColumnMap("time=date+ToD"), timeZone: "UTC")
    let joinedNotes = try read(text, joined).sources[0].notes
    #expect(perDay > 50 || joinedNotes.isEmpty, "\(joinedNotes)")
  }
}
