import LoomCore
import LoomImport
import Testing

struct TickReaderTests {
  let folder = Folder()

  @Test func `reads quotes with a header`() throws {
    let path = folder.write(
      "a.csv", "timestamp,symbol,bid,ask\n2014-05-04T21:00:18.08Z,EURUSD,1.38824,1.38876\n")
    let rows = try Reading([path]).rows
    #expect(rows.count == 1)
    #expect(rows[0].sequence == 1)
    #expect(rows[0].time == "2014-05-04T21:00:18.080000000Z")
    #expect(rows[0].symbol == "EURUSD")
    #expect(rows[0].tick.bid == 1.38824)
    #expect(rows[0].tick.ask == 1.38876)
    #expect(rows[0].tick.flags == .quote)
    #expect(rows[0].line == 2)
    #expect(rows[0].text == "2014-05-04T21:00:18.08Z,EURUSD,1.38824,1.38876")
  }

  @Test func `merges files by the time of their next rows`() throws {
    let first = folder.write(
      "b.csv", "time,price\n2020-01-01T00:00:01Z,1\n2020-01-01T00:00:03Z,3\n")
    let second = folder.write(
      "a.csv", "time,price\n2020-01-01T00:00:01Z,1\n2020-01-01T00:00:02Z,2\n")
    let rows = try Reading([first, second]).rows
    #expect(rows.map(\.source) == [0, 1, 1, 0])
    #expect(rows.map(\.sequence) == [1, 2, 3, 4])
    #expect(rows.map(\.symbol) == ["b", "a", "a", "b"])
  }

  @Test func `numbers symbols by their first row that is not malformed`() throws {
    let path = folder.write(
      "a.csv", "time,symbol,price\n1,X,oops\n2,Y,1\n3,,1\n4,X,2\n5,Y,3,9\n")
    let reading = try Reading([path])
    #expect(reading.symbols == ["Y", "X"])
    #expect(reading.outcomes == ["malformed", "ok", "unknown_symbol", "ok", "malformed"])
    #expect(reading.rows.map(\.sequence) == [0, 1, 0, 2, 0])
    #expect(reading.rows[0].symbol == "X")
  }

  @Test func `a long file follows a short one without a seam`() throws {
    let short = (0..<10).map { "\(1_500_000_000 + $0 * 600),\($0)\n" }.joined()
    let long = (0..<20_000).map { "\(1_500_000_000 + $0),\($0)\n" }.joined()
    let paths = [
      folder.write("s.csv", "time,price\n" + short), folder.write("l.csv", "time,price\n" + long),
    ]
    let rows = try Reading(paths).rows
    #expect(rows.map(\.sequence) == (1...20_010).map { UInt64($0) })
    #expect(rows.map(\.time) == rows.map(\.time).sorted())
    let prices: [Double] = rows.filter { $0.source == 1 }.map(\.tick.last)
    #expect(prices == (0..<20_000).map { Double($0) })
    for row in rows { #expect(row.text.hasSuffix(",\(Int(row.tick.last))")) }
  }

  @Test func `the origin is the line and the text as read`() throws {
    let path = folder.write(
      "a.csv", "time,symbol,price\r\n\r\n1, \"A\nB\" ,1\r\n1,\"A\nB\",1\r\n2,x,\"y\"\r\n")
    let rows = try Reading([path]).rows
    #expect(rows.map(\.line) == [3, 4, 5, 7])
    #expect(rows.map(\.text) == ["1, \"A", "B\" ,1", "1,\"A\nB\",1", "2,x,\"y\""])
    #expect(rows.map(\.refusal) == [.malformed, .malformed, nil, .malformed])
  }

  @Test func `two unfinished readings do not disturb each other`() throws {
    let text = (0..<9000).map { "\(1_500_000_000 + $0),S\($0 % 3),\($0)\n" }.joined()
    let path = folder.write("a.csv", "time,symbol,price\n" + text)
    let (one, two) = (try TickReader(inputs: [.path(path)]), try TickReader(inputs: [.path(path)]))
    var (first, second) = (InputBatch(), InputBatch())
    #expect(try one.read(into: &first))
    #expect(try one.read(into: &first))
    #expect(try two.read(into: &second))
    #expect(second.ticks.first?.sequence == 1)
    #expect(first.ticks[0].sequence > 1)
    #expect(one.bytesRead > 0)
  }
}
