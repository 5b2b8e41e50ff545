import Foundation
import LoomSystem
import Testing

struct NumberTextTests {
  @Test(arguments: ["", " ", "nan", "NaN", "NULL", "none", "Na", "n/A", "-", " - "])
  func `absent words are absent`(text: String) {
    #expect(NumberText.parse(Array(text.utf8)) == .absent)
  }

  @Test(
    arguments: [
      "12a", "1,5", "--", "1e", "1e+", "e5", ".", "+", "1.2.3", "0x10", "1_000", "1 2", "$5",
      "infinit", "+-1", "nul", "٣", "1e5.0", "-nan",
    ])
  func `other texts are malformed`(text: String) {
    #expect(NumberText.parse(Array(text.utf8)) == .malformed)
  }

  @Test(
    arguments: [
      ("1", 1.0), ("+1", 1), ("-0.5", -0.5), (".5", 0.5), ("5.", 5), ("1e400", .infinity),
      ("-1E400", -.infinity), ("inf", .infinity), ("-Infinity", -.infinity), ("1e-400", 0),
      ("5.28E-06", 5.28e-6), ("9007199254740993", 9_007_199_254_740_992),
      (" 1.5\t", 1.5), ("000000000000000000000000000000000000001.50", 1.5),
    ])
  func `numbers are numbers`(text: String, value: Double) {
    #expect(NumberText.parse(Array(text.utf8)) == .number(value))
  }

  @Test func `another decimal mark takes the place of the dot`() {
    #expect(NumberText.parse(Array("55,05".utf8), mark: 0x2C) == .number(55.05))
    #expect(NumberText.parse(Array("55.05".utf8), mark: 0x2C) == .malformed)
  }

  /// Columns of random numbers against the standard library, which rounds correctly.
  @Test(arguments: 1...20)
  func `columns are rounded correctly`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let texts = (0..<500).map { _ in Self.randomNumber(&random) }
    let (values, failed) = try Self.parseColumn(texts, mark: 0x2E)
    for (row, text) in texts.enumerated() {
      #expect(failed[row] == 0, "\(text), seed \(seed)")
      #expect(values[row] == Double(text), "\(text), seed \(seed)")
    }
  }

  @Test(arguments: 1...20)
  func `columns agree with single fields`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let alphabet = Array("0123456789.-+eEinfa ")
    let texts = (0..<500).map { _ in
      "x"
        + String(
          (0..<Int.random(in: 1...20, using: &random)).map { _ in
            alphabet.randomElement(using: &random) ?? "0"
          })
    }.map { String($0.dropFirst()) }
    let (values, failed) = try Self.parseColumn(texts, mark: 0x2E)
    for (row, text) in texts.enumerated() {
      switch NumberText.parse(Array(text.utf8)) {
      case .absent: #expect(values[row].isNaN && failed[row] == 0, "`\(text)`")
      case .malformed: #expect(failed[row] == 1, "`\(text)`")
      case .number(let value): #expect(values[row] == value && failed[row] == 0, "`\(text)`")
      }
    }
  }

  private static func randomNumber(_ random: inout SplitMix) -> String {
    let digits = Int.random(in: 1...22, using: &random)
    var text = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    if Bool.random(using: &random) {
      let place = text.index(text.startIndex, offsetBy: Int.random(in: 0..<digits, using: &random))
      text.insert(".", at: place)
    }
    if Int.random(in: 0..<4, using: &random) == 0 { text = "-" + text }
    if Int.random(in: 0..<4, using: &random) == 0 {
      text += "e\(Int.random(in: -330...310, using: &random))"
    }
    return text
  }

  /// Puts texts into the middle one of three columns and parses it.
  private static func parseColumn(
    _ texts: [String], mark: UInt8
  ) throws -> (values: [Double], failed: [UInt8]) {
    let file = TemporaryText(texts.map { "a;\($0);b\n" }.joined())
    let source = try ByteSource(path: file.path)
    let block = RowBlock(
      layout: RowLayout(delimiter: 0x3B, width: 3, decimalMark: mark), maxRows: texts.count,
      bufferSize: 1 << 16, firstLine: 1)
    #expect(try block.next(from: source))
    #expect(block.rowCount == texts.count)
    var values = [Double](repeating: 0, count: texts.count)
    var failed = [UInt8](repeating: 0, count: texts.count)
    block.parseNumbers(column: 1, into: &values, failed: &failed)
    return (values, failed)
  }
}
