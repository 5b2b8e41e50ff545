import Foundation
import Testing

@testable import Tickloom

/// Versions, entries and inputs of a store, looked up beside each other and beside the run itself.
struct PastTests {
  init() { BLAS.useOneThread() }

  struct Case: Sendable, CustomStringConvertible {
    var description: String
    var change: @Sendable (inout RunConfiguration) -> Void
  }

  static let cases = [
    Case(description: "rolling") { $0.estimator = .rolling(window: 24) },
    Case(description: "decaying") { $0.estimator = .exponential(decay: 0.94) },
    Case(description: "corrected") {
      $0.estimator = .rolling(window: 16)
      $0.corrections = .on(horizon: .seconds(9))
    },
    Case(description: "corrected, decaying") {
      $0.estimator = .exponential(decay: 0.9)
      $0.corrections = .on(horizon: .seconds(30))
    },
  ]

  /// Calls `body` with a store that keeps every matrix.
  static func withStore(_ change: Case, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tickloom-past-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let market = SimulatedMarket(symbols: 4, ticks: 8000, seed: 11)
    var configuration = RunConfiguration(inputs: [.generated(market)])
    configuration.storePath = folder.appending(path: "run.db").path
    configuration.historyEvery = 1
    change.change(&configuration)
    _ = try Run(configuration).perform()
    try body(configuration.storePath ?? "")
  }

  @Test(arguments: cases)
  func `any version comes out as it was, and no other is there`(change: Case) throws {
    try Self.withStore(change) { path in
      let last = try #require(try StoreOutline(path: path).versions).upperBound
      for number in [1, 2, last / 3, last - 1, last] {
        let version = try VersionRebuild.perform(number, path: path)
        #expect(version.isEqual && version.isKeptMatrix == true)
        #expect(version.version.number == number)
      }
      for number in [0, last + 1] {
        #expect(throws: RunError.self) { try VersionRebuild.perform(number, path: path) }
      }
    }
  }

  /// The oracle of the rows is the matrix: it is of them, or two passes over them differ.
  @Test(arguments: cases)
  func `an entry comes of its rows`(change: Case) throws {
    try Self.withStore(change) { path in
      let last = try #require(try StoreOutline(path: path).versions).upperBound
      var defined = 0
      for number in stride(from: 5, through: last, by: Int(last) / 9) {
        for pair in [("SIM1", "SIM2"), ("SIM4", "SIM1")] {
          let entry = try EntryExplanation.perform(number, pair: pair, path: path)
          #expect(entry.published.reason == entry.recomputed.reason, "\(number) \(pair)")
          #expect(entry.published.jointRows == entry.recomputed.jointRows, "\(number) \(pair)")
          let weights = entry.published.effectiveRows - entry.recomputed.effectiveRows
          #expect(weights.magnitude <= 1e-9 * entry.published.effectiveRows)
          #expect(entry.rows.last?.start == entry.version.version.start)
          if entry.published.reason != .defined { continue }
          defined += 1
          #expect(entry.difference.magnitude < 1e-10, "\(number) \(pair) \(entry.difference)")
          for row in entry.rows where row.first.isPresent {
            #expect(row.first.bar?.logReturn.bitPattern == row.first.logReturn.bitPattern)
          }
        }
      }
      #expect(defined > 4)
    }
  }

  @Test(arguments: [cases[0], cases[2]])
  func `an input is in the versions that are told, and in no others`(change: Case) throws {
    try Self.withStore(change) { path in
      var followed = 0
      for sequence in stride(from: UInt64(900), through: 6000, by: 487) {
        let tick = try TickExplanation.perform(sequence, path: path)
        guard let use = tick.use, let last = use.last else { continue }
        followed += 1
        let bar = try #require(tick.bar).bar
        #expect(bar.firstSequence <= sequence && sequence <= bar.lastSequence)
        let pair = (tick.symbol, tick.symbol == "SIM1" ? "SIM2" : "SIM1")
        func isIn(_ version: UInt64) throws -> Bool {
          try EntryExplanation.perform(version, pair: pair, path: path).rows.contains { row in
            row.start == use.start && row.first.isPresent
          }
        }
        let isLate = tick.reason == .late
        #expect(try isIn(use.first) && isIn(last), "input \(sequence)")
        #expect(try (isLate || !isIn(use.first - 1)) && !isIn(last + 1), "input \(sequence)")
      }
      #expect(followed > 5)
    }
  }

  @Test func `a late tick is in the versions from its correction on`() throws {
    try Self.withStore(Self.cases[2]) { path in
      var results = try StoredResults(path: path)
      var corrected = 0
      while let reject = try results.nextReject(), corrected < 3 {
        if reject.reason != .late { continue }
        let tick = try TickExplanation.perform(reject.sequence, path: path)
        guard let own = tick.revisions.first(where: { $0.sequence == reject.sequence }) else {
          #expect(tick.bar == nil && tick.use == nil)
          continue
        }
        corrected += 1
        #expect(tick.bar?.bar.revision ?? 0 > 0)
        if let use = tick.use { #expect(use.first >= own.version) }
      }
      #expect(corrected > 0)
    }
  }

  @Test func `a rejected input is followed no further`() throws {
    try Self.withStore(Self.cases[0]) { path in
      var results = try StoredResults(path: path)
      let reject = try #require(try results.nextReject())
      let tick = try TickExplanation.perform(reject.sequence, path: path)
      #expect(tick.reason == reject.reason && tick.bar == nil && tick.use == nil)
      #expect(throws: RunError.self) { try TickExplanation.perform(8001, path: path) }
    }
  }
}
