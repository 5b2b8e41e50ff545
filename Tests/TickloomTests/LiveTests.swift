import Synchronization
import Testing

@testable import Tickloom

/// Lines that come while the run goes on: every wait is for what must come of them.
struct LiveTests {
  static let head = "timestamp,symbol,price,size\n"

  static func row(_ second: Int, _ symbol: String, _ price: Double) -> String {
    "2024-01-02T09:\(30 + second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60)Z,\(symbol),\(price),1\n"
  }

  @Test func `a line comes out while the stream stays open`() throws {
    let session = try LiveSession()
    session.send(Self.head + Self.row(1, "A", 10))
    let first = session.state { $0.received == 1 }
    #expect(first?.symbols.map(\.name) == ["A"])
    #expect(first?.symbols.map(\.price) == [10])
    session.send(Self.row(2, "B", 20) + "2024-01-02T09:30:02Z,B,2")
    let second = session.state { $0.received == 2 }
    #expect(second?.symbols.map(\.price) == [10, 20])
    session.send("1,1\n" + Self.row(3, "A", 11))
    let third = session.state { $0.received == 4 }
    #expect(third?.symbols.map(\.price) == [11, 21])
    #expect(third?.symbols[0].bar?.bar.close == 10)
    #expect(third?.bars == 1)
    session.close()
    let summary = try session.summary()
    #expect(summary.total.ticks.accepted == 4)
    #expect(summary.total.bars == 4)
  }

  @Test func `a last line without its end counts at the end of the stream alone`() throws {
    for endsByRequest in [false, true] {
      let session = try LiveSession()
      session.send(Self.head + Self.row(1, "A", 10) + "2024-01-02T09:30:02Z,A,1")
      _ = session.state { $0.received == 1 }
      if endsByRequest { session.end.request() } else { session.send("00,1") }
      session.close()
      #expect(try session.summary().total.ticks.accepted == (endsByRequest ? 1 : 2))
    }
  }

  @Test func `the wall clock closes the bars of a quiet market`() throws {
    let seconds = Atomic<Int>(0)
    let start = try #require(Timestamp("2024-01-02T09:30:01Z"))
    let session = try LiveSession {
      $0.timeframe = .second
    } clock: {
      // A second goes by with each look at it.
      let passed = seconds.wrappingAdd(1, ordering: .relaxed).oldValue
      return start + .seconds(Int64(passed))
    }
    session.send(Self.head + Self.row(1, "A", 10) + Self.row(1, "B", 20))
    let state = session.state { $0.bars == 2 }
    #expect(state?.symbols.map { $0.bar?.bar.close } == [10, 20])
    #expect(state?.symbols.map(\.accepted) == [1, 1])
    // Its slot is closed, so it is late; the others would be, too, without it.
    session.send(Self.row(1, "A", 11))
    #expect(session.state { $0.rejected == 1 }?.symbols[0].accepted == 1)
    session.close()
    #expect(try session.summary().total.ticks[.late] == 1)
  }

  @Test func `the wall clock refuses what is far ahead of it, that of the data does not`() throws {
    let start = try #require(Timestamp("2024-01-02T09:30:01Z"))
    for clock in [{ start }, nil] as [(@Sendable () -> Timestamp)?] {
      let session = try LiveSession(clock: clock)
      session.send(Self.head + [1, 6, 7].map { Self.row($0, "A", 10) }.joined())
      session.close()
      let ticks = try session.summary().total.ticks
      #expect(ticks[.invalidTime] == (clock == nil ? 0 : 1))
      #expect(ticks.received == 3)
    }
  }

  @Test func `bars of the first rows tell their step while the stream stays open`() throws {
    let session = try LiveSession()
    session.send("time,open,high,low,close\n2024-01-02T09:30:00Z,1,2,1,2\n")
    session.send("2024-01-02T09:35:00Z,2,3,2,3\n")
    #expect(session.state { $0.received == 2 }?.timeframe == Timeframe("5m"))
    let single = try LiveSession()
    single.send("time,open,high,low,close\n2024-01-02T09:30:00Z,1,2,1,2\n")
    #expect(single.failure().contains("--timeframe"))
  }

  @Test func `what nobody can read is refused while the stream stays open`() throws {
    let texts = [
      ("when,what\n1,2\n", "--columns"), ("time,price\n20240102,1\n", "--time-unit"),
      ("PK\u{3}\u{4}\n\n", "ZIP"),
    ]
    for (text, part) in texts {
      let session = try LiveSession()
      session.send(text)
      #expect(session.failure().contains(part), "\(session.failure())")
    }
  }

  @Test func `lines before the header may come alone`() throws {
    let session = try LiveSession()
    for line in ["a feed\n", "of prices\n", Self.head] { session.send(line) }
    session.send(Self.row(1, "A", 10))
    #expect(session.state { $0.received == 1 }?.symbols.map(\.name) == ["A"])
  }

  @Test func `the end before the first row is no run`() throws {
    let session = try LiveSession()
    session.send(Self.head)
    session.end.request()
    #expect(session.failure() == RunError.cancelled.description)
  }

  @Test func `rows that go back in time are taken as they come and told of`() throws {
    let session = try LiveSession { $0.lateness = .seconds(100) }
    session.send(Self.head + (1...9).reversed().map { Self.row($0, "A", Double($0)) }.joined())
    session.close()
    let summary = try session.summary()
    #expect(summary.total.ticks.accepted == 9)
    #expect(summary.notes.contains { $0.text.contains("go back in time") })
  }

  @Test(arguments: [1, 2])
  func `of snapshots that go back from symbol to symbol nothing is told`(count: Int) throws {
    let session = try LiveSession { $0.lateness = .seconds(100) }
    let places = (1...count).flatMap { snapshot in (0..<5).map { (10 * snapshot - $0, $0) } }
    session.send(
      Self.head + places.map { Self.row($0, ["A", "B", "C", "D", "E"][$1], 5) }.joined())
    session.close()
    #expect(try session.summary().notes.isEmpty)
  }

  @Test func `the strongest pairs come with their counts`() throws {
    let session = try LiveSession { $0.timeframe = .second }
    var text = Self.head
    for second in 0..<400 {
      let wave = Double(second * 37 % 11)
      for (symbol, price) in [("A", 100 + wave), ("B", 200 - wave), ("C", 50 + wave * wave)] {
        text += Self.row(second, symbol, price)
      }
    }
    session.send(text)
    let state = try #require(
      session.state { $0.received == 1200 && !$0.pairs.isEmpty }, "\(session.failure())")
    #expect(state.pairs.count == 3)
    #expect(state.pairs[0].first.index == 0 && state.pairs[0].second.index == 1)
    #expect(state.pairs[0].correlation < -0.99)
    #expect(state.pairs[0].jointCount == 256)
    let sizes = state.pairs.map(\.correlation.magnitude)
    #expect(sizes == sizes.sorted(by: >))
  }
}
