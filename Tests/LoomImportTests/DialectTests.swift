import LoomCore
import LoomImport
import Testing

struct DialectTests {
  private let folder = Folder()
  private static let plain = "time,symbol,price,size\n2020-01-01,A,1.5,2\n2020-01-02,B,2.5,3\n"

  private func read(
    _ bytes: [UInt8], _ name: String = "f.csv",
    _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> Reading { try Reading([folder.write(name, bytes)], configuration) }

  private func read(
    _ text: String, _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> Reading { try read(Array(text.utf8), "f.csv", configuration) }

  private func refusal(
    _ bytes: [UInt8], _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> String {
    do {
      let rows = try read(bytes, "f.csv", configuration).rows
      Issue.record("read as \(rows.count) rows")
      return ""
    } catch let error as ImportError {
      #expect(error.kind == .unreadable)
      #expect(error.description.contains("f.csv"))
      return error.description
    }
  }

  private static func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  @Test(arguments: 0..<11)
  func `the same rows in any dress are the same ticks`(variant: Int) throws {
    let plain = Self.plain
    let bytes: [UInt8] =
      switch variant {
      case 0: Array(plain.utf8)
      case 1: [0xEF, 0xBB, 0xBF] + plain.replacing("\n", with: "\r\n").utf8
      case 2: Array(plain.replacing(",", with: "\t").utf8)
      case 3: Array(plain.replacing(",", with: ";").utf8)
      case 4: Array(plain.replacing(",", with: ";").replacing(".", with: ",").utf8)
      case 5: Array(plain.replacing(",", with: "|").utf8)
      case 6: Self.utf16(plain)
      case 7: Packed.gzip(Array(plain.utf8))
      case 8: Packed.zstd(Self.utf16(plain))
      case 9: Array(plain.replacing("\n", with: "\r").utf8)
      default:
        Array(
          plain.split(separator: "\n").map { line in
            line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
          }.joined(separator: "\n\n").utf8)
      }
    let reading = try read(bytes)
    #expect(reading.symbols == ["A", "B"])
    #expect(reading.times == ["2020-01-01T00:00:00.000000000Z", "2020-01-02T00:00:00.000000000Z"])
    #expect(reading.rows.map(\.tick.last) == [1.5, 2.5])
    #expect(reading.rows.map(\.tick.lastSize) == [2, 3])
    #expect(reading.outcomes == ["ok", "ok"])
  }

  @Test func `numbers of a semicolon file that mix commas and dots keep the dot`() throws {
    let reading = try read("time;price\n2020-01-01;1.5\n2020-01-02;2,5\n")
    #expect(reading.outcomes == ["ok", "malformed"])
  }

  @Test func `a header may have any case, blanks and quotes`() throws {
    let reading = try read("\" Time \",TICKER,Bid_Price,OFFER\n2020-01-01, A ,1,2\n")
    #expect(reading.symbols == ["A"])
    #expect(reading.rows[0].tick.bid == 1)
    #expect(reading.rows[0].tick.ask == 2)
  }

  @Test func `a line of one field before the header is skipped and told of`() throws {
    let reading = try read("https://example.org\ntime,price\n2020-01-01,1\n")
    #expect(reading.outcomes == ["ok"])
    #expect(reading.rows[0].line == 3)
    #expect(reading.sources[0].notes.count == 1)
  }

  @Test func `columns can be named`() throws {
    let map = try ColumnMap("time=ts,last=Kurs, symbol=Wert")
    let reading = try read(
      "x,ts,Kurs,Wert\n1,2020-01-01,5,A\n", ImportConfiguration(columns: map))
    #expect(reading.symbols == ["A"])
    #expect(reading.rows[0].tick.last == 5)
    let missing = try refusal(
      Array("x,ts,Wert\n1,2020-01-01,A\n".utf8), ImportConfiguration(columns: map))
    #expect(missing.contains("`Kurs`"))
    #expect(missing.contains("--columns"))
  }

  @Test func `columns can be given by place where there is no header`() throws {
    let map = try ColumnMap("time=0,symbol=1,price=2,volume=3")
    let bare = Self.plain.split(separator: "\n").dropFirst().joined(separator: "\n")
    for text in [bare, Self.plain] {
      let reading = try read(text, ImportConfiguration(columns: map))
      #expect(reading.symbols == ["A", "B"])
      #expect(reading.rows.map(\.tick.lastSize) == [2, 3])
    }
    let beyond = try refusal(
      Array(bare.utf8), ImportConfiguration(columns: try ColumnMap("time=0,bid=9")))
    #expect(beyond.contains("beyond the 4 found"))
    let message = try refusal(Array(bare.utf8))
    #expect(message.contains("there is no header"))
    #expect(message.contains("--columns time=0"))
  }

  @Test func `places and names may be mixed, and lie within the header`() throws {
    let text = "a,Kurs,c\n2020-01-01,5,7\n"
    let reading = try read(
      text, ImportConfiguration(columns: try ColumnMap("time=0,last=Kurs,volume=c")))
    #expect(reading.rows[0].tick.last == 5)
    #expect(reading.rows[0].tick.lastSize == 7)
    for map in ["time=9,last=Kurs", "time=0,last=1,size=3", "time=7,last=1"] {
      let message = try refusal(
        Array(text.utf8), ImportConfiguration(columns: try ColumnMap(map)))
      #expect(message.contains("beyond the 3 found"), "\(map)")
    }
    let negative = try refusal(
      Array(text.utf8), ImportConfiguration(columns: try ColumnMap("time=-1,last=1")))
    #expect(negative.contains("no column `-1`"))
  }

  @Test func `a file may have thousands of columns`() throws {
    let names = (0..<5000).map { "c\($0)" }.joined(separator: ",")
    let values = (0..<5000).map { "\($0)" }.joined(separator: ",")
    let row = "2020-01-01,1.5,\(values)\n"
    let reading = try read("time,price,\(names)\n" + row + row + "2020-01-01,1.5\n")
    #expect(reading.outcomes == ["ok", "ok", "malformed"])
  }

  @Test(
    arguments: [
      ("time=0,bid", "`bid` is not role=column"), ("when=ts", "there is no role `when`"),
      ("time=a,time=b", "time is given twice"), ("time=", "not role=column"),
    ])
  func `a map that cannot be understood is refused`(map: String, expected: String) {
    #expect {
      try ColumnMap(map)
    } throws: {
      "\($0)".contains(expected) && ($0 as? ImportError)?.kind == .option
    }
  }

  @Test(
    arguments: [
      ("", "holds no text"), (" \n\r\n\t", "holds no text"), ("PK\u{3}\u{4}....", "ZIP archive"),
      ("PAR1....", "Parquet"), ("ARROW1\0\0", "Feather"), ("[{\"a\":1}]", "JSON"),
      ("\n {\"a\":1}", "JSON"), ("<!DOCTYPE html><html>", "HTML"),
      ("SQLite format 3\0", "SQLite"), ("BZh91AY", "bzip2"),
      ("a,b\0c\n1,2,3,4,5,6\n", "byte 3 is zero"),
      ("t\0i\0m\0e\0,\0b\0i\0d\0\n\0", "UTF-16 without"),
      ("a,b\n1,2\n", "no time and no price column is recognised among `a`, `b`"),
      ("time,b\n1,2\n", "no price column"), ("bid,b\n1,2\n", "no time column"),
      ("time\n1\n", "no price column"),
      ("time,open,high,low\n1,2,3,4\n", "no price column"),
    ])
  func `what is no table is refused by what it is`(text: String, expected: String) throws {
    let message = try refusal(Array(text.utf8))
    #expect(message.contains(expected))
    #expect(message.contains("option") || message.contains("--columns"))
  }

  @Test func `a header that is not UTF-8 is refused`() throws {
    let message = try refusal([0xC8, 0xD5, 0xC6, 0xDA, 0x2C, 0xB9, 0xC9, 0x0A, 0x31, 0x2C, 0x32])
    #expect(message.contains("not UTF-8"))
    #expect(message.contains("iconv"))
    #expect(try refusal([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A, 0]).contains("HDF5"))
    #expect(try refusal([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]).contains("UTF-32"))
    #expect(try refusal(Packed.gzip(Packed.gzip([0x41]))).contains("packed twice"))
    let tar = [UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8)
    #expect(try refusal(Packed.gzip(tar)).contains("tar archive"))
  }

  @Test func `bytes that are not UTF-8 spoil only a symbol`() throws {
    let head = Array("time,symbol,price,name\n".utf8)
    let name: [UInt8] = [0xC8, 0xD5]
    let rows =
      Array("2020-01-01,A,1,".utf8) + name + Array("\n2020-01-02,".utf8) + name
      + Array(",1,x\n".utf8)
    #expect(try read(head + rows).outcomes == ["ok", "malformed"])
  }

  @Test func `unreadable files are left out if that is asked for`() throws {
    let good = folder.write("a.csv", Self.plain)
    let bad = folder.write("b.csv", "{}")
    let reading = try Reading([bad, good], ImportConfiguration(skipsUnreadable: true))
    #expect(reading.rows.map(\.source) == [1, 1])
    #expect(reading.sources[0].skippedReason?.contains("JSON") == true)
    #expect(reading.sources[1].skippedReason == nil)
    #expect(throws: ImportError.self) { try Reading([bad, good]) }
  }

  @Test func `a header alone is a file without rows`() throws {
    #expect(try read("time,price\n").rows.isEmpty)
    #expect(try read("time,price").rows.isEmpty)
  }
}
