import FoundationEssentials
import Glibc
import LoomCore
import LoomImport
import LoomJournal
import LoomSystem
import Synchronization
import Tickloom

/// What is made of a store again: all of it, or what lies behind its last snapshot, or what is left.
///
/// `journal.replay`: what `tickloom replay` does, by the inputs of the store. `journal.resume`: how
/// long until an engine takes ticks again, by the inputs behind its snapshot. `journal.recover`: a
/// store in whose middle a page is lost.
let replayWorkloads: [Workload] =
  [1_000_000, 10_000_000].map { ticks in
    Workload(
      "journal.replay.\(ticks)", unit: "tick", operations: ticks, yardstick: "memory.copy.tick",
      threads: 2, isBrief: ticks < 10_000_000
    ) { iterations, watch in
      let path = try ReplayFiles.store(ticks)
      for _ in 0..<iterations {
        var taken = 0
        try watch.time {
          taken = try Run(RunConfiguration(replaying: path)).perform().total.ticks.received
        }
        if taken != ticks { throw WorkloadError("\(taken) of \(ticks) inputs") }
      }
    }
  }
  + [0, 100_000, 300_000, 1_000_000, 3_000_000].map { inputs in
    Workload("journal.resume.\(inputs)", unit: "start", isBrief: inputs <= 100_000) {
      iterations, watch in
      let path = try ReplayFiles.journal(inputs)
      for _ in 0..<iterations { try resume(path, &watch) }
    }
  }
  + [
    Workload("journal.recover.1000000", unit: "tick", operations: 1_000_000) { iterations, watch in
      let path = try ReplayFiles.damaged(1_000_000)
      for round in 0..<iterations {
        let folder = try TemporaryFolder()
        let target = folder.path + "/\(round)"
        try watch.time {
          let report = try StoreRecovery.recover(path: path, to: target)
          if report.isWhole || report.inputs < 800_000 {
            throw WorkloadError("\(report.inputs) inputs were recovered")
          }
        }
      }
    }
  ]

/// Keeps nothing.
private struct Nothing: PipelineConsumer, Sendable {}

private func engine(
  _ path: String, snapshotEvery: Int
) throws -> Engine<StandardFeatures, Nothing> {
  let journal = try EngineJournalConfiguration(
    path: path, resumes: true, snapshotEvery: snapshotEvery)
  return try Engine(
    configuration: EngineConfiguration(
      pipeline: PipelineConfiguration(), maximumAhead: nil, journal: journal),
    symbols: (0..<10).map { "S\($0)" }, features: { .standard() }, consumer: Nothing())
}

/// Until the engine has taken what its store holds.
private func resume(_ path: String, _ watch: inout Stopwatch) throws {
  var resumed: Engine<StandardFeatures, Nothing>?
  try watch.time {
    let engine = try engine(path, snapshotEvery: 0)
    try engine.poll()
    resumed = engine
  }
  try resumed?.stop()
}

/// The stores, made once and removed at the end of the process.
private enum ReplayFiles {
  private static let folder = Mutex<TemporaryFolder?>(nil)

  /// What a run over a simulated market of eight symbols leaves.
  static func store(_ ticks: Int) throws -> String {
    try file("run-\(ticks)") { path in
      var configuration = RunConfiguration(
        inputs: [try InputLocation(argument: "sim:8,\(ticks),1")])
      configuration.storePath = path
      _ = try Run(configuration).perform()
    }
  }

  /// That of an engine, with so many inputs behind its only snapshot, and at least as many before it.
  static func journal(_ inputs: Int) throws -> String {
    try file("journal-\(inputs)") { path in
      let before = max(inputs + 1, 100_000)
      let engine = try engine(path, snapshotEvery: before)
      let symbols = (0..<10).map { SymbolID(rawValue: UInt32($0)) }
      guard var feed = try engine.feedGroup(symbols, source: "bench", policy: .handBack) else {
        throw WorkloadError("there is no feed")
      }
      var market = EngineMarket.journaled()
      for count in [before, inputs] { try push(count, of: &market, into: &feed, engine) }
      try engine.stop()
      let point = try StoreResumption(path: path)
      let behind = Int(point.lastSequence - (point.snapshot?.sequence ?? 0))
      if behind != inputs { throw WorkloadError("\(behind) inputs behind the snapshot") }
    }
  }

  private static func push(
    _ count: Int, of market: inout EngineMarket, into feed: inout FeedGroup,
    _ engine: Engine<StandardFeatures, Nothing>
  ) throws {
    var pushed = 0
    while pushed < count {
      try market.withNext { symbol, ticks in
        var part = ticks.extracting(first: min(ticks.count, count - pushed))
        while !part.isEmpty {
          let taken = feed.push(symbol, part).taken
          part = part.extracting(taken...)
          pushed += taken
          try engine.poll()
        }
      }
    }
    // What the journal had no room for is taken now.
    while engine.total.received < pushed { try engine.poll() }
  }

  /// The same as ``store(_:)`` with 16 KiB of zeros in the middle.
  static func damaged(_ ticks: Int) throws -> String {
    let whole = try store(ticks)
    return try file("damaged-\(ticks)") { path in
      var bytes = try Data(contentsOf: URL(filePath: whole))
      let middle = bytes.count / 2 / 16_384 * 16_384
      bytes.replaceSubrange(middle..<middle + 16_384, with: Data(count: 16_384))
      try bytes.write(to: URL(filePath: path))
    }
  }

  private static func file(_ name: String, _ make: (String) throws -> Void) throws -> String {
    let path = try folder.withLock { folder in
      if folder == nil {
        folder = try TemporaryFolder()
        // What a global holds is not released at the end.
        atexit { ReplayFiles.folder.withLock { $0 = nil } }
      }
      return (folder?.path ?? "") + "/" + name
    }
    if !FileManager.default.fileExists(atPath: path) { try make(path) }
    return path
  }
}
