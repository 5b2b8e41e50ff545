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
}
