import LoomCore
import LoomImport
import Testing

struct ColumnTests {
  private let folder = Folder()

  private func read(
    _ text: String, _ configuration: ImportConfiguration = ImportConfiguration(),
    name: String = "f.csv"
  ) throws -> Reading { try Reading([folder.write(name, text)], configuration) }

  @Test(arguments: ColumnRole.allCases)
  func `every name of a role is recognised in any case`(role: ColumnRole) throws {
    for name in role.names {
      let header = "time,\(name.uppercased()),price\n"
      guard role != .time, role != .last else { continue }
      let reading = try read(header + "2020-01-01,7,1\n")
      let tick = reading.rows[0].tick
      switch role {
      case .symbol: #expect(reading.symbols == ["7"], "\(name)")
      case .bid: #expect(tick.bid == 7, "\(name)")
      case .ask: #expect(tick.ask == 7, "\(name)")
      case .bidSize: #expect(tick.bidSize == 7, "\(name)")
      case .askSize: #expect(tick.askSize == 7, "\(name)")
      case .size: #expect(tick.lastSize == 7, "\(name)")
      case .sequence: #expect(tick.venueSequence == 7, "\(name)")
      default: break
      }
    }
  }

  @Test(arguments: ColumnRole.time.names + ColumnRole.last.names)
  func `times and prices have many names`(name: String) throws {
    let isTime = ColumnRole.time.names.contains(name)
    let header = isTime ? "\(name),price\n" : "time,\(name)\n"
    #expect(try read(header + "2020-01-01,7\n").rows[0].tick.last == 7)
  }

  @Test func `an absent number is NaN and a text is malformed`() throws {
    let reading = try read(
      "time,bid,ask,price,size\n2020-01-01,,nan,-,1\n2020-01-01,1,2,x,1\n2020-01-01,inf,1e400,0,-1\n"
    )
    #expect(reading.outcomes == ["ok", "malformed", "ok"])
    let (first, third) = (reading.rows[0].tick, reading.rows[2].tick)
    #expect(first.bid.isNaN && first.ask.isNaN && first.last.isNaN)
    #expect(first.flags == [])
    #expect(third.bid == .infinity && third.ask == .infinity)
    #expect(third.last == 0 && third.lastSize == -1)
    #expect(third.flags == [.quote, .trade])
  }

  @Test(arguments: [
    ("12", 12), ("", 0), ("null", 0), ("18446744073709551615", UInt64.max), (" 7 ", 7),
  ])
  func `a sequence is a whole number or absent`(text: String, expected: UInt64) throws {
    let reading = try read("time,price,seq\n2020-01-01,1,\(text)\n")
    #expect(reading.outcomes == ["ok"])
    #expect(reading.rows[0].tick.venueSequence == expected)
  }

  @Test(arguments: ["-1", "1.5", "abc", "+3", "18446744073709551616", "1e3"])
  func `another sequence is malformed`(text: String) throws {
    #expect(try read("time,price,seq\n2020-01-01,1,\(text)\n").outcomes == ["malformed"])
  }

  @Test func `the column id counts only if its first value is a whole number`() throws {
    let words = try read("time,price,id\n2020-01-01,1,abc\n2020-01-02,1,7\n")
    #expect(words.outcomes == ["ok", "ok"])
    #expect(words.rows.map(\.tick.venueSequence) == [0, 0])
    let numbers = try read("time,price,id\n2020-01-01,1,7\n2020-01-02,1,abc\n")
    #expect(numbers.outcomes == ["ok", "malformed"])
    #expect(numbers.rows[0].tick.venueSequence == 7)
  }

  @Test func `a side is told and never malformed`() throws {
    let reading = try read("time,price,side\n2020-01-01,1,BUY\n2020-01-01,1,s\n2020-01-01,1,?\n")
    #expect(reading.rows.map(\.tick.flags) == [[.trade, .buyer], [.trade, .seller], .trade])
    let maker = try read("time,price,is_buyer_maker\n2020-01-01,1,True\n2020-01-01,1,false\n")
    #expect(maker.rows.map(\.tick.flags) == [[.trade, .seller], [.trade, .buyer]])
  }

  @Test func `open, high, low and close make bars`() throws {
    let reading = try read("date,open,high,low,close,volume,bid\n2020-01-01,1,4,0.5,2,9,3\n")
    let tick = reading.rows[0].tick
    #expect(tick.flags == .bar)
    #expect([tick.open, tick.high, tick.low, tick.last, tick.lastSize] == [1, 4, 0.5, 2, 9])
    #expect(reading.sources[0].isBars)
  }

  @Test(arguments: ["last", "price"])
  func `a last price is the close of bars without one`(name: String) throws {
    let reading = try read("date,open,high,low,\(name)\n2020-01-01,1,4,0.5,2\n")
    #expect(reading.sources[0].isBars)
    #expect(reading.rows[0].tick.last == 2)
  }

  @Test func `a bar without any price is no input`() throws {
    let reading = try read(
      "date,open,high,low,close,bid\n2020-01-01,,nan,-,null,1\n2020-01-02,1,,,,1\n"
        + "2020-01-03,,,,,x\nnever,,,,,1\n")
    #expect(reading.rows.map(\.line) == [3, 4, 5])
    #expect(reading.outcomes == ["ok", "malformed", "malformed"])
  }

  @Test(
    arguments: [
      ("AIG_20131007_trades.csv", "AIG"), ("EURUSD.FXCM_1.csv.zst.gz", "EURUSD.FXCM"),
      ("adru.us.txt", "adru.us"), ("x", "x"), ("BRK.B.csv", "BRK.B"),
    ])
  func `a file without symbols is one`(file: String, symbol: String) throws {
    #expect(try read("time,price\n2020-01-01,1\n", name: file).symbols == [symbol])
    let named = ImportConfiguration(symbol: "Z")
    #expect(try read("time,price\n2020-01-01,1\n", named, name: file).symbols == ["Z"])
    #expect(try read("time,price,sym\n2020-01-01,1,Y\n", named, name: file).symbols == ["Y"])
  }

  @Test func `symbols are taken as written`() throws {
    let reading = try read(
      "time,symbol,price\n2020-01-01,000001,1\n2020-01-01,NA,1\n2020-01-01,\"a,\"\"b\"\"\",1\n"
        + "2020-01-01,nan,1\n2020-01-01,,1\n2020-01-01,1,1\n")
    #expect(reading.symbols == ["000001", "NA", "a,\"b\"", "nan", "1"])
    #expect(reading.outcomes[4] == "unknown_symbol")
    #expect(reading.rows[4].symbol == nil)
  }

  @Test func `the first reason wins`() throws {
    let reading = try read(
      "time,symbol,price\n2300-01-01,,x\n2300-01-01,,1\n2300-01-01,A,1\n2020-01-01,A,1\n")
    #expect(reading.outcomes == ["malformed", "unknown_symbol", "invalid_time", "ok"])
    #expect(reading.rows.map(\.sequence) == [0, 0, 1, 2])
  }

  @Test func `a filter leaves only some symbols and times as input`() throws {
    let text =
      "time,symbol,price\n1,A,1\n2,B,1\n3,A,x\n4,,1\n5,A,1\n6,A,1\n99999999999,A,1\nx,A,1\n"
    let symbols = try read(text, ImportConfiguration(symbols: ["A"]))
    #expect(symbols.rows.map(\.line) == [2, 4, 6, 7, 8, 9])
    #expect(symbols.symbols == ["A"])
    let times = try read(
      text,
      ImportConfiguration(
        from: Timestamp(nanoseconds: 2_000_000_000), to: Timestamp(nanoseconds: 6_000_000_000)))
    #expect(times.rows.map(\.line) == [3, 4, 5, 6, 9])
    #expect(times.rows.map(\.sequence) == [1, 0, 0, 2, 0])
  }
}
