internal import LoomCore
internal import LoomSystem

/// The rows of a generator, numbered from 1 and without text.
final class GeneratedRows: RowProducer {
  private let original: any TickGenerator
  private var generator: any TickGenerator
  private let names: [String]
  private let source: SourceID
  private let filter: RowFilter
  private var ticks = [Tick](
    repeating: Tick(time: .distantPast, symbol: .unknown), count: 1024)
  private var line = 0

  init(_ generator: any TickGenerator, source: SourceID, filter: RowFilter) {
    original = generator
    self.generator = generator
    names = generator.symbolNames
    self.source = source
    self.filter = filter
  }

  let canRest = true
  let memoryBytes = 0
  let bytesRead: Int64 = 0
  let bytesTotal: Int64? = nil

  func name(ofSymbol place: Int) -> String { names[place] }

  func fill(_ chunk: inout RowChunk, atLeast count: Int) throws(ImportError) {
    while chunk.ticks.count < count {
      var room = ticks.mutableSpan
      let made = generator.next(into: &room)
      if made == 0 { return }
      for var tick in ticks[..<made] {
        line += 1
        guard filter.takes(time: tick.time.nanoseconds, name: names[tick.symbol.index]) else {
          continue
        }
        tick.source = source
        chunk.append(tick, line: line)
      }
    }
  }

  func rest() {
    generator = original
    line = 0
  }

  func finish() {}

  func unpack(into spill: ByteSourceSpill) {}
}
