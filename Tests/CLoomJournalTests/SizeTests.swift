import CLoomJournal
import Foundation
import Testing

struct SizeTests {
  private func size(_ ticks: [loom_sequenced_tick]) throws -> Int {
    try BlockCodec().encode(ticks).count
  }

  @Test func `what never changes costs nothing`() throws {
    let ticks = (0..<4096).map {
      TickSamples.empty(UInt64($0) + 77, time: 1_700_000_000_000_000_000 + Int64($0) * 1_000_000)
    }
    #expect(try size(ticks) < 300)
  }

  @Test func `a column of NaN costs nothing beside others`() throws {
    var random = Random(seed: 8)
    var ticks = TickSamples.quotes(4096, &random)
    for index in ticks.indices { ticks[index].tick.symbol = 1 }
    let present = try size(ticks)
    var absent = ticks
    for index in ticks.indices { absent[index].tick.ask_size = .nan }
    let without = try size(absent)
    for index in ticks.indices { absent[index].tick.bid_size = .nan }
    let withoutBoth = try size(absent)
    // Of 30 sizes each has 4.9 bits.
    #expect(present - without > 2300)
    #expect(without - withoutBoth > 2300)
    #expect(withoutBoth < 4096 * 3)
  }

  @Test func `NaN among the values costs a bit where it is, not a column`() throws {
    var random = Random(seed: 8)
    var ticks = TickSamples.quotes(4096, &random)
    for index in ticks.indices { ticks[index].tick.symbol = 1 }
    let full = try size(ticks)
    for index in ticks.indices where random.flip() { ticks[index].tick.bid_size = .nan }
    #expect(try size(ticks) < full)
  }

  @Test func `a few odd values do not cost a column`() throws {
    var random = Random(seed: 8)
    var ticks = TickSamples.quotes(4096, &random)
    for index in ticks.indices { ticks[index].tick.symbol = 1 }
    let plain = try size(ticks)
    for index in stride(from: 50, to: 4096, by: 400) {
      ticks[index].tick.bid = index % 800 == 50 ? .infinity : -0.0
    }
    #expect(try size(ticks) < plain + 600)
  }

  @Test func `nothing grows by much`() throws {
    var random = Random(seed: 12)
    for count in [1, 10, 4096] {
      let ticks = TickSamples.anything(count, &random)
      #expect(try size(ticks) <= 88 * count + 600)
    }
    #expect(try size([TickSamples.empty(1, time: 5)]) < 250)
  }

  @Test(.enabled(if: RealQuotes.folder != nil, "there is no ../shared with real quotes"))
  func `real quotes take 10 bytes a tick at most`() throws {
    let quotes = try RealQuotes.read(perFile: 20_000)
    #expect(quotes.count == 80_000)
    let codec = try BlockCodec()
    var bytes = 0
    for start in stride(from: 0, to: quotes.count, by: 65_536) {
      let group = Array(quotes[start..<min(quotes.count, start + 65_536)])
      let blocks = try codec.encode(group: group)
      bytes += blocks.map(\.count).reduce(0, +)
      let decoded = blocks.flatMap { codec.decode($0).ticks }.sorted { $0.sequence < $1.sequence }
      #expect(words(decoded) == words(group))
    }
    // 2.9 were measured; the promise is 10.
    #expect(Double(bytes) / Double(quotes.count) < 4)
  }
}
