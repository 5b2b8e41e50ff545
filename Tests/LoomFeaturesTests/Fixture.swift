import Foundation
import LoomCore

/// A golden file: the bars of one symbol, and the values numpy, pandas and TA-Lib give for them.
struct Fixture {
  var bars: [CleanBar]
  /// The names of the expected values.
  var names: [String]
  /// Per expected row: the place of its bar and its values.
  var rows: [(bar: Int, values: [Double])]

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/features")
    let (_, inputs) = try Self.table(folder.appending(path: "\(name).bars.csv"))
    bars = inputs.map(Self.bar)
    let (header, expected) = try Self.table(folder.appending(path: "\(name).features.csv"))
    names = Array(header.dropFirst())
    rows = expected.map { (Int($0[0]), Array($0.dropFirst())) }
  }

  private static func bar(_ fields: [Double]) -> CleanBar {
    let bar = Bar(
      start: Timestamp(nanoseconds: 0), symbol: SymbolID(rawValue: 0), open: fields[0],
      high: fields[1], low: fields[2], close: fields[3], volume: fields[4], vwap: fields[7],
      spreadEstimate: fields[6], tickCount: Int64(fields[8]))
    return CleanBar(bar: bar, logReturn: fields[5])
  }

  private static func table(_ url: URL) throws -> ([String], [[Double]]) {
    let text = try String(contentsOf: url, encoding: .utf8)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let numbers = lines.dropFirst().map { line in line.map { Double($0) ?? .nan } }
    return (lines[0].map(String.init), Array(numbers))
  }
}
