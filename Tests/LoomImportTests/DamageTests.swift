import Foundation
import LoomCore
import LoomImport
import Testing

struct DamageTests {
  private let folder = Folder()
  private static let rows = (0..<20_000).map { "\(1_500_000_000 + $0),\($0)\n" }.joined()
  private static let text = Array(("time,price\n" + rows).utf8)

  /// Rows read before the error, and the error.
  private func read(_ path: String) throws -> (rows: Int, error: ImportError?) {
    let reader = try TickReader(inputs: [.path(path)])
    var batch = InputBatch()
    var count = 0
    do {
      while try reader.read(into: &batch) { count += batch.ticks.count }
      return (count, nil)
    } catch { return (count, error) }
  }

  @Test func `a file cut off in its packing ends in an error, after rows before it`() throws {
    for packed in [Packed.gzip(Self.text), Packed.zstd(Self.text)] {
      let path = folder.write("f.csv.gz", Array(packed.dropLast(1000)))
      let (rows, error) = try read(path)
      #expect(rows > 10_000 && rows < 20_000)
      #expect(error?.kind == .bytes)
      #expect(error?.description.contains("byte \(packed.count - 1000)") == true)
      #expect(error?.description.contains(path) == true)
    }
  }

  @Test func `a long line is one malformed row with its first 200 bytes`() throws {
    let long = String(repeating: "1", count: 20 << 20)
    let path = folder.write("f.csv", "time,price\n1,1\n2,\(long)\n3,3\n")
    let reading = try Reading([path])
    #expect(reading.outcomes == ["ok", "malformed", "ok"])
    #expect(reading.rows.map(\.line) == [2, 3, 4])
    #expect(reading.rows[1].text.utf8.count == 200)
    #expect(reading.rows[1].text.hasPrefix("2,111"))
  }

  @Test func `a file that is missing or a folder without permission is named`() {
    #expect {
      _ = try Reading(["/nonexistent/f.csv"])
    } throws: {
      "\($0)".hasPrefix("/nonexistent/f.csv: cannot be opened")
        && ($0 as? ImportError)?.kind == .bytes
    }
  }

  @Test func `an open quote spoils one line`() throws {
    let path = folder.write("f.csv", "time,price\n1,1\n\"2,2\n3,3\n4,4\n")
    #expect(try Reading([path]).outcomes == ["ok", "malformed", "ok", "ok"])
  }

  /// Files damaged at random: never a trap, and every line that is not blank is told of.
  @Test(arguments: 1...60)
  func `every row of a damaged file is accounted for`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var text = "timestamp,symbol,bid,ask,size,seq\n"
    for row in 0..<200 {
      text += "2020-01-01T00:00:\(10 + row % 50).\(row)Z,S\(row % 3),1.\(row),2,\(row),\(row)\n"
    }
    var bytes = Array(text.utf8)
    let alphabet = Array(",;\"\r\n\t .-+eE0159:TZanN\u{0}".utf8) + [0x80, 0xC3, 0xFF]
    let header = 34
    for _ in 0..<Int.random(in: 1...300, using: &random) {
      let place = Int.random(in: header..<bytes.count, using: &random)
      let byte = alphabet.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      default: bytes.remove(at: place)
      }
    }
    let path = folder.write("f.csv", bytes)
    do {
      let reading = try Reading([path])
      let stamped = reading.rows.map(\.sequence).filter { $0 > 0 }.sorted()
      #expect(stamped == Array(0..<UInt64(stamped.count)).map { $0 + 1 })
      for row in reading.rows {
        #expect((row.sequence == 0) == [.malformed, .unknownSymbol].contains(row.refusal))
      }
      // Without quotes a row is a line.
      if !bytes.contains(0x22) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
          .filter { !($0.element.isEmpty || $0.element == [0x0D]) }.map { $0.offset + 1 }
        #expect(reading.rows.map(\.line).sorted() == Array(lines.dropFirst()))
      }
    } catch let error as ImportError {
      #expect(error.description.contains(path), "seed \(seed)")
    }
  }
}
