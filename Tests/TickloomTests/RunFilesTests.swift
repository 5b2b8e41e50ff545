import Foundation
import Testing

@testable import Tickloom

struct RunFilesTests {
  @Test func `a run that is stopped at its end leaves no folder behind`() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    var files = try RunFiles(
      RunFiles.Plan(
        path: root.appending(path: "a/out").path, timeframe: .second, missingRows: 0,
        featureNames: [], hasHistory: true, temporaryFolder: root.path))
    var parcel = RunParcel()
    let symbol = SymbolID(rawValue: 0)
    let bar = Bar(start: .earliest, symbol: symbol, open: 1, high: 1, low: 1, close: 1)
    parcel.bars = [CleanBar(bar: bar)]
    try files.append(parcel, Labels(symbols: ["A"], sources: ["x"]))
    let cancellation = Cancellation()
    cancellation.request()
    let conclusion = RunParcel.Conclusion(
      summary: RunSummary(timeframe: .second, estimator: ""), covariances: [])
    var isStopped = false
    do {
      _ = try files.finish(conclusion, names: ["A"], cancellation)
    } catch {
      isStopped = true
    }
    #expect(isStopped)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == [])
  }
}
