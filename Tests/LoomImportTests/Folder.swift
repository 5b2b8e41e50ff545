import Foundation
import LoomCore
import LoomImport
import Testing

/// A folder of its own that vanishes with the test.
final class Folder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "/loom-import-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) -> String {
    let file = path + "/" + name
    #expect(FileManager.default.createFile(atPath: file, contents: Data(bytes)))
    return file
  }

  func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }
}

/// One row as read, with its names resolved.
struct ReadRow: Equatable {
  var sequence: UInt64
  var time: String
  var symbol: String?
  var refusal: RejectReason?
  var line: Int
  var text: String
  var source: Int
  var tick: Tick

  static func == (lhs: ReadRow, rhs: ReadRow) -> Bool {
    lhs.sequence == rhs.sequence && lhs.time == rhs.time && lhs.symbol == rhs.symbol
      && lhs.refusal == rhs.refusal && lhs.text == rhs.text
  }
}

/// Everything that a reader delivers.
struct Reading {
  var rows: [ReadRow] = []
  var symbols: [String] = []
  var sources: [Source] = []

  init(
    _ paths: [String], _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws {
    let reader = try TickReader(
      inputs: paths.map(InputLocation.path), configuration: configuration)
    var batch = InputBatch()
    while try reader.read(into: &batch) {
      #expect(batch.ticks.count == batch.origins.count)
      let unregistered = Dictionary(uniqueKeysWithValues: batch.unregistered)
      for (row, stamped) in batch.ticks.enumerated() {
        let (tick, origin) = (stamped.tick, batch.origins[row])
        let bytes = batch.text[origin.offset..<origin.offset + origin.length]
        rows.append(
          ReadRow(
            sequence: stamped.sequence,
            time: tick.time == .distantPast ? "unknown" : tick.time.description,
            symbol: tick.symbol == .unknown ? unregistered[row] : reader.symbols[tick.symbol],
            refusal: tick.flags.refusal, line: origin.line,
            text: String(decoding: bytes, as: UTF8.self), source: tick.source.index, tick: tick))
      }
    }
    symbols = reader.symbols.names
    sources = reader.sources
  }

  /// The times without their zeros, for comparison.
  var times: [String] { rows.map(\.time) }
  /// The reasons of refused rows, `ok` for the others.
  var outcomes: [String] { rows.map { $0.refusal?.name ?? "ok" } }
}
