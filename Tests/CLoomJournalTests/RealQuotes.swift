import CLoomJournal
import CZstd
import Foundation
import Testing

/// FX quotes of two venues, in a folder beside the repository, where it is there.
enum RealQuotes {
  static let folder: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["TICKLOOM_SHARED"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared")
    let quotes = shared.appending(path: "data/ticks/fx_quotes_201405")
    return FileManager.default.fileExists(atPath: quotes.path) ? quotes : nil
  }()

  /// The first quotes of every file, merged by time and numbered.
  static func read(perFile count: Int) throws -> [loom_sequenced_tick] {
    let folder = try #require(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    var ticks: [loom_sequenced_tick] = []
    for (symbol, name) in names.enumerated() {
      let text = try text(of: folder.appending(path: name))
      for line in text.split(separator: UInt8(ascii: "\n")).dropFirst().prefix(count) {
        ticks.append(try tick(of: line, symbol: UInt32(symbol)))
      }
    }
    ticks.sort { ($0.tick.time, $0.tick.symbol) < ($1.tick.time, $1.tick.symbol) }
    for index in ticks.indices { ticks[index].sequence = UInt64(index) + 1 }
    return ticks
  }

  private static func text(of file: URL) throws -> [UInt8] {
    let packed = [UInt8](try Data(contentsOf: file))
    let size = ZSTD_getFrameContentSize(packed, packed.count)
    var text = [UInt8](repeating: 0, count: size < 1 << 30 ? Int(size) : 64 << 20)
    let read = ZSTD_decompress(&text, text.count, packed, packed.count)
    try #require(ZSTD_isError(read) == 0)
    return Array(text[..<read])
  }

  /// `2014-05-04T21:00:18.080000Z,EURUSD.FXCM,1.38824,1.38876`, all of the same month.
  private static func tick(
    of line: ArraySlice<UInt8>, symbol: UInt32
  ) throws -> loom_sequenced_tick {
    func number(_ from: Int, _ count: Int) -> Int64 {
      line.dropFirst(from).prefix(count).reduce(0) { $0 * 10 + Int64($1) - 48 }
    }
    let seconds = ((number(8, 2) * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2)
    let time = (1_398_816_000 + seconds) * 1_000_000_000 + number(20, 6) * 1000
    var row = TickSamples.empty(0, symbol: symbol, time: time)
    let fields = line.split(separator: UInt8(ascii: ","))
    row.tick.bid = try #require(Double(String(decoding: fields[2], as: UTF8.self)))
    row.tick.ask = try #require(Double(String(decoding: fields[3], as: UTF8.self)))
    row.tick.flags = 1
    return row
  }
}
