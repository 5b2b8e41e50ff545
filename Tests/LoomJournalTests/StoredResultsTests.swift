import LoomCore
import LoomSystem
import Testing

@testable import LoomJournal

/// What a run has put out, read row by row.
struct StoredResultsTests {
  @Test func `rows come as they were written, NaN where there is no number`() throws {
    let folder = try StoreFolder()
    let path = folder.store
    try SampleStore.write(to: path)
    var results = try StoredResults(path: path)
    #expect(results.state == "finished")
    #expect(results.counts.bars == 210 && results.counts.rejects == 3)
    for place in 0..<210 {
      let expected = StoreTests.bar(place, symbol: UInt32(place % 70 % 7))
      let bar = try #require(try results.nextBar())
      #expect(bar.bar.start == expected.bar.start && bar.bar.symbol == expected.bar.symbol)
      #expect(bar.bar.close.bitPattern == expected.bar.close.bitPattern)
      #expect(bar.bar.spreadEstimate.isNaN == expected.bar.spreadEstimate.isNaN)
      #expect(bar.logReturn.isNaN == expected.logReturn.isNaN && bar.flags == expected.flags)
      #expect(bar.bar.lastSequence == expected.bar.lastSequence)
    }
    let noBar = try results.nextBar()
    #expect(noBar == nil)
    let features = try #require(try results.nextFeatures())
    #expect(features.values[0] == 0 && features.values[1].isNaN)
    let versions = try [results.nextVersion(), results.nextVersion(), results.nextVersion()]
    #expect(versions.map { $0?.hash } == [1, 2, 3].map { Hash128(high: $0, low: 7) })
    let matrix = try #require(try results.nextMatrix())
    #expect(matrix.version == 1 && matrix.symbols.count == 7)
    #expect(matrix.correlations == [Double](repeating: 0.5, count: 28))
    #expect(matrix.jointRows == [Int32](repeating: 9, count: 28))
    let reject = try #require(try results.nextReject())
    #expect(reject.sequence == 5 && reject.reason == .late)
  }

  @Test func `an outline tells what there is before anything is decoded`() throws {
    let folder = try StoreFolder()
    let path = folder.store
    try SampleStore.write(to: path)
    let outline = try StoreOutline(path: path)
    #expect(outline.sequences == 1...9000 && outline.versions == 1...3)
    #expect(outline.symbols.count == 7 && outline.gaps.isEmpty)
    let version = try StoreOutline.version(2, path: path)
    let (none, matrix) = (
      try StoreOutline.version(4, path: path), try StoreOutline.matrix(of: 3, path: path)
    )
    #expect(version?.hash == Hash128(high: 2, low: 7) && none == nil)
    #expect(matrix?.jointRows.count == 28)
    #expect(throws: JournalError.self) { try StoreOutline(path: folder.path + "/none.db") }
    #expect(throws: JournalError.self) { _ = try StoredResults(path: folder.path + "/none.db") }
  }
}
