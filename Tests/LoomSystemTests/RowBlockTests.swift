import LoomSystem
import Testing

struct RowBlockTests {
  /// Rows as the block cuts them: fields of whole rows, nil for broken ones.
  private static func rows(
    _ text: String, width: Int, maxRows: Int = 7, bufferSize: Int = 16
  ) throws -> [(line: Int, fields: [String]?, text: String)] {
    let file = TemporaryText(text)
    let source = try ByteSource(path: file.path)
    let block = RowBlock(
      layout: RowLayout(delimiter: 0x2C, width: width), maxRows: maxRows, bufferSize: bufferSize,
      firstLine: 1)
    var rows: [(line: Int, fields: [String]?, text: String)] = []
    while try block.next(from: source) {
      var broken = [UInt8](repeating: 0, count: maxRows)
      block.markBroken(&broken)
      var bytes: [UInt8] = []
      var places: [(line: Int, range: Range<Int>)] = []
      block.appendText(limit: 200, to: &bytes) { _, line, offset, length in
        places.append((line, offset..<offset + length))
      }
      for (row, place) in places.enumerated() {
        let fields = (0..<width).map {
          String(decoding: block.field(row: row, column: $0), as: UTF8.self)
        }
        let text = String(decoding: bytes[place.range], as: UTF8.self)
        rows.append((place.line, broken[row] == 0 ? fields : nil, text))
        #expect(place.line == block.line(of: row))
      }
    }
    return rows
  }

  @Test func `cuts rows with any line end and without a last one`() throws {
    let rows = try Self.rows("a,b\r\nc,d\n\n\r\ne,f", width: 2)
    #expect(rows.map(\.fields) == [["a", "b"], ["c", "d"], ["e", "f"]])
    #expect(rows.map(\.line) == [1, 2, 5])
    #expect(rows.map(\.text) == ["a,b", "c,d", "e,f"])
  }

  @Test func `takes quotes off and keeps what they protect`() throws {
    let rows = try Self.rows(
      "\"a,\"\"b\"\"\",\"c\nd\"\n\"\",x\n\"p\" ,q\"r\n\"s\"t,u\n", width: 2)
    #expect(
      rows.map(\.fields) == [["a,\"b\"", "c\nd"], ["", "x"], ["p", "q\"r"], ["\"s\"t", "u"]])
    #expect(rows.map(\.line) == [1, 3, 4, 5])
  }

  @Test func `rows of another width are broken unless what is more is empty`() throws {
    let rows = try Self.rows("a,b\na\na,b,\na,b,,\"\"\na,b,c\na,b, \n,\n", width: 2)
    #expect(rows.map { $0.fields == nil } == [false, true, false, false, true, true, false])
  }

  @Test func `an open quote breaks its own line only`() throws {
    let rows = try Self.rows("a,b\n\"c,d\ne,f\n", width: 2)
    #expect(rows.map(\.fields) == [["a", "b"], nil, ["e", "f"]])
    #expect(rows.map(\.line) == [1, 2, 3])
    #expect(rows[1].text == "\"c,d")
  }

  @Test func `an overlong row is broken and reading goes on behind it`() throws {
    let long = String(repeating: "x", count: 5 << 20)
    let rows = try Self.rows("a,b\nc,\(long)\ne,f\n", width: 2)
    #expect(rows.map(\.fields) == [["a", "b"], nil, ["e", "f"]])
    #expect(rows.map(\.line) == [1, 2, 3])
    #expect(rows[1].text == "c," + String(repeating: "x", count: 198))
  }

  @Test func `an open quote before much text does not swallow it`() throws {
    let filler = String(repeating: "1,2\n", count: 400_000)
    let rows = try Self.rows("\"a,b\n\(filler)", width: 2, maxRows: 1000)
    #expect(rows.count == 400_001)
    #expect(rows[0].fields == nil)
    #expect(rows.dropFirst().allSatisfy { $0.fields == ["1", "2"] })
  }

  /// A reader of characters, written differently.
  private static func plainRows(_ text: String, width: Int) -> [[String]?] {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= width, fields.dropFirst(width).allSatisfy(\.isEmpty) else { return nil }
      return Array(fields.prefix(width))
    }
  }

  @Test(arguments: 1...30)
  func `agrees with a plain splitter`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let alphabet = Array("abc1,,,\n")
    let text = String((0..<2000).map { _ in alphabet.randomElement(using: &random) ?? "," })
    let width = Int.random(in: 1...4, using: &random)
    let found = try Self.rows(
      text, width: width, maxRows: Int.random(in: 1...50, using: &random),
      bufferSize: Int.random(in: 1...300, using: &random))
    #expect(found.map(\.fields) == Self.plainRows(text, width: width), "seed \(seed)")
  }

  @Test(arguments: 1...10)
  func `places give the same rows again`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let alphabet = Array("ab,,\n\n\"")
    let text = String((0..<3000).map { _ in alphabet.randomElement(using: &random) ?? "," })
    let file = TemporaryText(text)
    let source = try ByteSource(path: file.path)
    let block = RowBlock(
      layout: RowLayout(delimiter: 0x2C, width: 2), maxRows: 9, bufferSize: 64, firstLine: 1)
    var places: [RowBlock.Place] = []
    var texts: [[String]] = []
    while try block.next(from: source) {
      places.append(block.place)
      texts.append(Self.texts(block))
    }
    let again = RowBlock(
      layout: RowLayout(delimiter: 0x2C, width: 2), maxRows: 9, bufferSize: 64, firstLine: 1)
    for index in places.indices.reversed() {
      try again.load(places[index], from: source)
      #expect(Self.texts(again) == texts[index], "seed \(seed), block \(index)")
    }
  }

  private static func texts(_ block: RowBlock) -> [String] {
    var places: [(line: Int, range: Range<Int>)] = []
    var bytes: [UInt8] = []
    block.appendText(limit: 1 << 20, to: &bytes) { _, line, offset, length in
      places.append((line, offset..<offset + length))
    }
    return places.map { "\($0.line):" + String(decoding: bytes[$0.range], as: UTF8.self) }
  }
}
