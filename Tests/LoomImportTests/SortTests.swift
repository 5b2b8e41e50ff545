import LoomCore
import LoomImport
import Testing

struct SortTests {
  private let folder = Folder()

  @Test(arguments: [256 << 20, 10_000])
  func `sorts rows of all files by time, ties as they came`(memory: Int) throws {
    var random = SplitMix(state: 5)
    var expected: [(key: Int, file: Int, line: Int)] = []
    var paths: [String] = []
    for file in 0..<3 {
      var text = "time,symbol,price\n"
      for line in 2..<2000 {
        let time = Int.random(in: 0..<500, using: &random)
        let isBroken = Int.random(in: 0..<50, using: &random) == 0
        text += isBroken ? "never,S,1\n" : "\(1_500_000_000 + time),S\(time % 5),\(line)\n"
        expected.append((isBroken ? -1 : time, file, line))
      }
      paths.append(folder.write("f\(file).csv", text))
    }
    // The files are no order of time, but one might look newest first.
    let straight = try Reading(paths)
    for (file, source) in straight.sources.enumerated() where source.isNewestFirst {
      let own = expected.filter { $0.file == file }
      expected.removeAll { $0.file == file }
      expected += own.reversed()
    }
    expected = expected.enumerated().sorted {
      ($0.element.key, $0.element.file, $0.offset) < ($1.element.key, $1.element.file, $1.offset)
    }.map(\.element)
    let sorted = try Reading(paths, ImportConfiguration(sorts: true, sortMemoryBytes: memory))
    #expect(sorted.rows.map(\.source) == expected.map(\.file))
    #expect(sorted.rows.map(\.line) == expected.map(\.line))
    let stamped = sorted.rows.map(\.sequence).filter { $0 > 0 }
    #expect(stamped == (1...UInt64(stamped.count)).map { $0 })
    let texts = Dictionary(
      uniqueKeysWithValues: straight.rows.map { ("\($0.source):\($0.line)", $0.text) })
    #expect(sorted.rows.allSatisfy { texts["\($0.source):\($0.line)"] == $0.text })
  }

  @Test func `symbols are numbered in sorted order`() throws {
    let path = folder.write("f.csv", "time,symbol,price\n1,A,1\n9,B,1\n5,C,1\n6,D,1\n")
    #expect(try Reading([path], ImportConfiguration(sorts: true)).symbols == ["A", "C", "D", "B"])
  }
}
