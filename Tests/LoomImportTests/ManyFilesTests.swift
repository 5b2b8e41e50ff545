import Foundation
import LoomCore
import LoomImport
import Testing

struct ManyFilesTests {
  private let folder = Folder()

  /// Files that all overlap in time, one row of each a second.
  private func write(_ files: Int, rows: Int, packed: ([UInt8]) -> [UInt8]) {
    for file in 0..<files {
      var text = "time,price\n"
      for row in 0..<rows { text += "\(1_500_000_000_000 + row * 1000 + file % 997),\(row)\n" }
      let name = String(repeating: "0", count: 4 - "\(file)".count) + "\(file).csv"
      _ = folder.write(name, packed(Array(text.utf8)))
    }
  }

  private static var openDescriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
  }

  @Test(arguments: [0, 1, 2])
  func `a thousand files at once need few descriptors`(packing: Int) throws {
    write(1000, rows: 20) { bytes in
      [bytes, Packed.gzip(bytes), Packed.zstd(bytes)][packing]
    }
    let before = Self.openDescriptors
    let reader = try TickReader(inputs: [.path(folder.path)])
    var batch = InputBatch()
    var count = 0
    var last = Timestamp.distantPast
    var most = 0
    while try reader.read(into: &batch) {
      most = max(most, Self.openDescriptors)
      for (row, stamped) in batch.ticks.enumerated() {
        count += 1
        #expect(stamped.sequence == UInt64(count))
        #expect(stamped.tick.time >= last)
        if stamped.tick.time == last, row > 0 {
          #expect(stamped.tick.source.index > batch.ticks[row - 1].tick.source.index)
        }
        last = stamped.tick.time
      }
    }
    #expect(count == 20_000)
    #expect(reader.symbols.names.count == 1000)
    // Other tests run beside this one and hold a few of their own.
    #expect(most - before < 200)
    #expect(reader.bytesRead == reader.bytesTotal)
  }

  @Test func `files that follow one another are read one after the other`() throws {
    var paths: [String] = []
    for day in 0..<30 {
      let rows = (0..<200).map { "\(1_500_000_000 + day * 86_400 + $0),\(day)\n" }.joined()
      paths.append(folder.write("day\(day).csv", "time,price\n" + rows))
    }
    let rows = try Reading(paths.reversed()).rows
    #expect(rows.map(\.source) == (0..<6000).map { 29 - $0 / 200 })
    #expect(rows.map(\.line) == (0..<6000).map { $0 % 200 + 2 })
  }

  @Test func `of a folder one level is read, names in byte order, hidden ones left out`() throws {
    for name in ["b.csv", "B.csv", "a.csv", ".hidden", "é.csv"] {
      _ = folder.write(name, "time,price\n1,1\n")
    }
    try FileManager.default.createDirectory(
      atPath: folder.path + "/inner", withIntermediateDirectories: true)
    #expect(try Reading([folder.path]).sources.map(\.name) == ["B.csv", "a.csv", "b.csv", "é.csv"])
    #expect(try Reading([folder.path + "/"]).sources.count == 4)
    #expect {
      _ = try Reading([folder.path + "/inner"])
    } throws: {
      "\($0)".contains("holds no files")
    }
  }

  /// The order of a merge by the definition: the least next time, ties by file.
  @Test(arguments: 1...10)
  func `any files merge by the times of their next rows`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let fileCount = Int.random(in: 2...40, using: &random)
    var paths: [String] = []
    for file in 0..<fileCount {
      var text = "time,price\n"
      var time = Int.random(in: 0..<50, using: &random)
      for row in 0..<Int.random(in: 1...300, using: &random) {
        time += Int.random(in: -2...4, using: &random)
        let isBroken = Int.random(in: 0..<20, using: &random) == 0
        text += isBroken ? "never,\(row)\n" : "\(1_500_000_000 + time),\(row)\n"
      }
      paths.append(folder.write("f\(file).csv", text))
    }
    var single = try paths.map { path in try Reading([path]).rows.map { ($0.time, $0.line) }[...] }
    var expected: [String] = []
    while true {
      let heads = single.enumerated().compactMap { file, rows in
        rows.first.map { (time: $0.0 == "unknown" ? "" : $0.0, file: file) }
      }
      guard let next = heads.min(by: { ($0.time, $0.file) < ($1.time, $1.file) }) else { break }
      expected.append("\(next.file):\(single[next.file].removeFirst().1)")
    }
    let merged = try Reading(paths).rows.map { "\($0.source):\($0.line)" }
    #expect(merged == expected, "seed \(seed)")
  }
}
