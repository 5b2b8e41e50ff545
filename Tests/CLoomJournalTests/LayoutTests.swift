import CLoomJournal
import Testing

/// The layout on disk, and each way in which a body cannot be.
struct LayoutTests {
  typealias Change = @Sendable (inout HandmadeBlock) -> Void

  @Test func `a block written by hand is read as it was meant`() throws {
    let codec = try BlockCodec()
    let (status, ticks) = codec.decode(try HandmadeBlock().bytes(codec))
    #expect(status == .ok)
    #expect(words(ticks) == words(HandmadeBlock.ticks))
  }

  static let runs: [Change] = [
    { $0.runs = 0 }, { $0.runs = 5 }, { $0.runs = 1 },
    { $0.symbols.planes = [6, 0] }, { $0.symbols.planes = [0, 5] }, { $0.symbols.base = 2 },
    { $0.lengths.planes = [0, 1] }, { $0.lengths.planes = [0, 3] },
    { $0.lengths = .init(width: 1, base: 0, planes: [0, 4]) },
    { $0.lengths = .init(width: 1, base: 0, planes: [4, 0]) },
    { $0.lengths = .init(width: 8, base: .max, planes: [UInt8](repeating: 255, count: 16)) },
    {
      $0.runs = 3
      $0.symbols.planes = [0, 6, 6]
      $0.lengths.planes = [0, 0, 1]
    },
  ]

  static let series: [Change] = [
    { $0.lag.order = 2 }, { $0.lag.unit = 10 }, { $0.lag.zeros = [1, 0, 0, 0, 0] },
    { $0.lag.zeros = [0, 0, 0, 0, 1] }, { $0.lag.planes = [0] }, { $0.lag.width = 1 },
    { $0.lag = .init(width: 9, planes: [UInt8](repeating: 0, count: 36)) },
    { $0.time.planes = [0, 1, 2] }, { $0.time.planes = [0, 1, 2, 3, 4] },
  ]

  static let reals: [Change] = [
    { $0.bid.head[0] = 2 }, { $0.bid.head[1] = 2 }, { $0.bid.head[2] = 10 },
    { $0.bid.head[3] = 1 }, { $0.bid.head[6] = 1 }, { $0.bid.head[7] = 1 },
    { $0.bid.bitmap = [0b1_1011] }, { $0.bid.bitmap = [0b1111] }, { $0.bid.bitmap = [] },
    { $0.bid.places = [3] }, { $0.bid.places = [.max] }, { $0.bid.places = [] },
    { $0.bid.head[1] = 0 }, { $0.bid.head[4] = 2 },
    {
      $0.bid.head[4] = 9
      $0.bid.head[5] = 2
      $0.bid.places = [UInt16](repeating: 0, count: 521)
      $0.bid.exceptions = [UInt64](repeating: 0, count: 521)
    },
  ]

  static let fields: [Change] = [
    { $0.source.base = 65_536 }, { $0.flags.base = 65_536 }, { $0.flags.base = .max },
    { $0.sequence.base = 9 }, { $0.sequence.planes = [0, 2, 2, 4] },
    { $0.time.base = 4999 }, { $0.time.planes = [0, 1, 2, 4] },
    { $0.end = [0] }, { $0.others.removeLast() }, { $0.others.append(.init()) },
    { $0.excess = 1 }, { $0.excess = .max - 40 },
  ]

  @Test(arguments: runs + series + reals + fields)
  func `a body that cannot be is malformed`(change: Change) throws {
    let codec = try BlockCodec()
    var block = HandmadeBlock()
    change(&block)
    #expect(codec.decode(try block.bytes(codec)).status == .malformed)
  }

  @Test func `a column that nobody asked for is not looked into`() throws {
    let codec = try BlockCodec()
    var block = HandmadeBlock()
    block.bid.head[0] = 2
    let asked = Int(LOOM_COLUMN_TIME)
    #expect(codec.decode(try block.bytes(codec), columns: asked).status == .ok)
  }
}
