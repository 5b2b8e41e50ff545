import Foundation
import LoomJournal
import Synchronization
import Testing
import Tickloom

/// What an engine keeps: all it took, in its order, before or after it goes on.
struct EngineJournalTests {
  typealias Recorder = Engine<StandardFeatures, Recording>

  /// A folder of its own, removed afterwards.
  final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "tickloom-engine-" + UUID().uuidString
    var store: String { path + "/run.db" }

    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a kill would leave: the files as they are.
    func copy(to name: String) throws -> String {
      let copy = path + "/" + name
      for suffix in ["-wal", ""] where FileManager.default.fileExists(atPath: store + suffix) {
        try FileManager.default.copyItem(atPath: store + suffix, toPath: copy + suffix)
      }
      return copy
    }
  }

  static func engine<Consumer: PipelineConsumer & Sendable>(
    _ path: String, _ symbols: [String], dispatch: EngineJournalConfiguration.Dispatch = .relaxed,
    onFailure: EngineJournalConfiguration.FailurePolicy = .halt, resumes: Bool = false,
    snapshotEvery: Int = 0, options: JournalOptions? = nil,
    estimator: CorrelationEstimator = .rolling(window: 16), consumer: Consumer
  ) throws -> Engine<StandardFeatures, Consumer> {
    BLAS.useOneThread()
    return try Engine<StandardFeatures, Consumer>(
      configuration: EngineConfiguration(
        pipeline: PipelineConfiguration(estimator: estimator), ringCapacity: 64, maximumAhead: nil,
        journal: EngineJournalConfiguration(
          path: path, options: options, dispatch: dispatch, onFailure: onFailure, resumes: resumes,
          snapshotEvery: snapshotEvery)),
      symbols: symbols, features: { .standard() }, consumer: consumer)
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { "S\($0)" } }

  /// What a pipeline of its own makes of a store.
  static func replay(_ path: String, _ configuration: PipelineConfiguration) throws -> Transcript {
    var stored = try StoredTicks(path: path)
    var pipeline = try Pipeline(configuration: configuration)
    var output = Transcript()
    var events = stored.clockEvents[...]
    var group: [SequencedTick] = []
    while try stored.read(into: &group) {
      for tick in group {
        while let event = events.first, event.afterSequence < tick.sequence {
          try pipeline.advance(to: event.time, into: &output)
          events.removeFirst()
        }
        let one = [tick]
        try pipeline.process(one.span, into: &output)
      }
    }
    for event in events { try pipeline.advance(to: event.time, into: &output) }
    try pipeline.finish(into: &output)
    return output
  }

  @Test(
    arguments: [1, 2], [EngineJournalConfiguration.Dispatch.relaxed, .strict])
  func `a replay of the store is the run`(
    shards: Int, dispatch: EngineJournalConfiguration.Dispatch
  ) throws {
    let folder = try Folder()
    let engine = try Self.engine(
      folder.store, Self.names(6), dispatch: dispatch, consumer: Recording())
    let ticks = PipelinePropertyTests.ticks(symbols: 6, count: 8000, seed: 17)
    try engine.start(shards: shards, waitStrategy: .yield)
    try EngineThreadTests.feed(engine, Array(ticks[..<3000]), symbols: 6)
    // Bars that no tick would close yet.
    let last = try #require(ticks[..<3000].map(\.time).max())
    try engine.advance(to: last + .seconds(1))
    try EngineThreadTests.feed(engine, Array(ticks[3000...]), symbols: 6)
    try engine.stop()
    let recording = engine.withConsumer { $0 }
    #expect(recording.inputs.count == ticks.count)
    let rebuild = try StoreRebuild.perform(path: folder.store)
    #expect(rebuild.holdsInputsAlone && rebuild.isSound)
    #expect(try Self.replay(folder.store, engine.configuration.pipeline) == recording.transcript)
    #expect(recording.transcript.versions.count > 100)
    #expect(try StoreVerifier.verify(path: folder.store).findings.isEmpty)
  }

  /// Notes what came before it was kept.
  struct Doubter: PipelineConsumer, Sendable {
    let journal: Mutex<Journal?>.Box
    var early = 0
    var count = 0

    mutating func take(inputs: Span<SequencedTick>) {
      count += inputs.count
      let kept = journal.value?.sequence(at: .os) ?? 0
      for index in inputs.indices where inputs[index].sequence > kept { early += 1 }
    }
  }

  @Test(arguments: [EngineJournalConfiguration.Dispatch.relaxed, .strict])
  func `strict puts out nothing that a crash could lose`(
    dispatch: EngineJournalConfiguration.Dispatch
  ) throws {
    let folder = try Folder()
    let box = Mutex<Journal?>.Box()
    let engine = try Self.engine(
      folder.store, Self.names(4), dispatch: dispatch, consumer: Doubter(journal: box))
    box.value = engine.journal
    let symbols = (0..<4).map { SymbolID(rawValue: UInt32($0)) }
    guard var feed = try engine.feedGroup(symbols, source: "x") else { return }
    let ticks = PipelinePropertyTests.ticks(symbols: 4, count: 5000, seed: 3)
    for tick in ticks {
      while feed.push(tick.symbol, tick).taken == 0 { try engine.poll() }
    }
    try engine.stop()
    let (early, count) = engine.withConsumer { ($0.early, $0.count) }
    #expect(count == ticks.count)
    #expect(dispatch == .strict ? early == 0 : early > 0)
  }

  @Test func `what a feed has pushed is kept at a level, or not yet`() async throws {
    let folder = try Folder()
    let options = try JournalOptions(durability: .disk, interval: Nanoseconds(1_000_000))
    let engine = try Self.engine(
      folder.store, Self.names(2), options: options, consumer: Recording())
    let symbols = [SymbolID(rawValue: 0), SymbolID(rawValue: 1)]
    var group = try engine.feedGroup(symbols, source: "x")
    let ticks = PipelinePropertyTests.ticks(symbols: 2, count: 40, seed: 3)
    for tick in ticks { _ = group?.push(tick.symbol, tick) }
    guard let mark = group?.mark() else { return }
    #expect(engine.sequence(of: mark) == nil)
    try engine.poll()
    let sequence = try #require(engine.sequence(of: mark))
    #expect(sequence == 40)
    try await engine.reached(.disk, mark)
    #expect(engine.journal?.level(of: 40) == .disk)
    #expect(engine.journal?.level(of: 41) == nil)
    #expect(try StoredTicks(path: folder.store).count == 40)
    _ = group?.push(symbols[0], ticks[0])
    guard let later = group?.mark() else { return }
    try engine.stop()
    try await engine.reached(.disk, mark)
    try await engine.reached(.disk, later)
  }

  @Test(
    arguments: [0, 10_000],
    [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.97)])
  func `an engine goes on where a kill has left the store`(
    snapshotEvery: Int, estimator: CorrelationEstimator
  ) async throws {
    let folder = try Folder()
    let ticks = PipelinePropertyTests.ticks(symbols: 5, count: 32_000, seed: 23)
    let engine = try Self.engine(
      folder.store, Self.names(4), snapshotEvery: snapshotEvery, estimator: estimator,
      consumer: Recording())
    let added = try engine.add("S4")
    #expect(added.index == 4)
    var copies: [(path: String, taken: Int)] = []
    try await Self.push(ticks[...], into: engine) { place in
      guard place % 6501 == 6500 else { return }
      try await engine.journal?.reached(.os, UInt64(place + 1))
      copies.append((try folder.copy(to: "copy\(place)"), place + 1))
    }
    try engine.stop()
    let whole = engine.withConsumer { $0.transcript }
    #expect(copies.count >= 3)
    for copy in copies {
      let again = try Self.engine(
        copy.path, Self.names(2), resumes: true, snapshotEvery: snapshotEvery,
        estimator: estimator, consumer: Recording())
      #expect(again.symbol("S4") == added)
      let restored = again.withConsumer { $0.inputs.count }
      #expect(
        snapshotEvery == 0 || copy.taken < 10_000 ? restored <= copy.taken : restored < 10_000)
      try await Self.push(ticks[copy.taken...], into: again) { _ in }
      try again.stop()
      let rest = again.withConsumer { $0.transcript }
      // What comes again, and what is new, is the end of what there was.
      #expect(rest.versions == Array(whole.versions.suffix(rest.versions.count)))
      #expect(rest.bars == Array(whole.bars.suffix(rest.bars.count)))
      #expect(rest.features == Array(whole.features.suffix(rest.features.count)))
      #expect(again.total == engine.total)
      #expect(try StoreVerifier.verify(path: copy.path).findings.isEmpty)
      #expect(try Self.replay(copy.path, again.configuration.pipeline) == whole)
    }
  }

  /// Pushes ticks one by one, each with a cycle, as one feed.
  static func push(
    _ ticks: ArraySlice<Tick>, into engine: Recorder, _ look: (Int) async throws -> Void
  ) async throws {
    let count = (ticks.map(\.symbol.index).max() ?? 0) + 1
    let symbols = (0..<count).map { SymbolID(rawValue: UInt32($0)) }
    guard var feed = try engine.feedGroup(symbols, source: "x") else { return }
    for place in ticks.indices {
      while feed.push(ticks[place].symbol, ticks[place]).taken == 0 {}
      while try engine.poll() == 0 {}
      try await look(place)
    }
  }

  @Test(
    .enabled(if: FullDisk.canMount, "no file system can be mounted here"),
    arguments: [EngineJournalConfiguration.Dispatch.relaxed, .strict])
  func `a full disk halts the feeds until there is room`(
    dispatch: EngineJournalConfiguration.Dispatch
  ) throws {
    let disk = try FullDisk(kilobytes: 1500)
    let engine = try Self.engine(
      disk.path + "/run.db", Self.names(3), dispatch: dispatch,
      options: JournalOptions(groupCount: 1000), consumer: Recording())
    let symbols = (0..<3).map { SymbolID(rawValue: UInt32($0)) }
    guard var feed = try engine.feedGroup(symbols, source: "x") else { return }
    let ticks = PipelinePropertyTests.ticks(symbols: 3, count: 60_000, seed: 5)
    try engine.start(waitStrategy: .park)
    var (place, wasHalted) = (0, false)
    while place < ticks.count {
      let receipt = feed.push(ticks[place].symbol, ticks[place])
      place += receipt.taken
      if receipt.status == .halted, !wasHalted {
        wasHalted = true
        let reason = feed.haltReason ?? "none"
        #expect(reason.contains("free some space"), "\(reason)")
        #expect(engine.health().state == .halted)
        #expect(engine.health().description.contains("nothing can be kept"))
        #expect(engine.journal?.failure != nil)
        try disk.grow(kilobytes: 200_000)
      } else if receipt.taken == 0 {
        sched_yield()
      }
    }
    #expect(wasHalted)
    try engine.stop()
    let recording = engine.withConsumer { $0 }
    #expect(recording.inputs.count == ticks.count)
    #expect(try StoreVerifier.verify(path: disk.path + "/run.db").findings.isEmpty)
    #expect(
      try Self.replay(disk.path + "/run.db", engine.configuration.pipeline)
        == recording.transcript)
    #expect(engine.journal?.failure == nil)
  }

  @Test(.enabled(if: FullDisk.canMount, "no file system can be mounted here"))
  func `or the run goes on loudly, and the store knows its gap`() throws {
    let disk = try FullDisk(kilobytes: 1500)
    let engine = try Self.engine(
      disk.path + "/run.db", Self.names(3), onFailure: .continueUnjournaled,
      options: JournalOptions(groupCount: 1000, capacity: 1024), consumer: Recording())
    let symbols = (0..<3).map { SymbolID(rawValue: UInt32($0)) }
    guard var feed = try engine.feedGroup(symbols, source: "x") else { return }
    let ticks = PipelinePropertyTests.ticks(symbols: 3, count: 120_000, seed: 5)
    var failures = 0
    for place in ticks.indices {
      while feed.push(ticks[place].symbol, ticks[place]).taken == 0 {}
      while try engine.poll() == 0 {}
      if engine.journal?.isFailing == true {
        failures += 1
        if failures == 2000 {
          #expect(engine.health().description.contains("ticks go on without"))
          try disk.grow(kilobytes: 200_000)
        }
      }
    }
    #expect(failures > 2000)
    while engine.journal?.isFailing == true {}
    try engine.poll()
    #expect(engine.health().description.contains("inputs went on unkept"))
    for tick in ticks.prefix(3) { _ = feed.push(tick.symbol, tick) }
    try engine.stop()
    #expect(engine.withConsumer { $0.inputs.count } == ticks.count + 3)
    let report = try StoreVerifier.verify(path: disk.path + "/run.db")
    #expect(report.findings.isEmpty)
    let missing = report.gaps.reduce(0) { $0 + $1.missing }
    #expect(missing > 0)
    #expect(report.inputs + missing == ticks.count + 3)
    let gap = try #require(report.gaps.first)
    #expect(engine.journal?.level(of: gap.sequences.lowerBound) == nil)
    #expect(engine.journal?.level(of: gap.sequences.upperBound + 1) == .os)
  }

  @Test(
    .enabled(if: FullDisk.canMount, "no file system can be mounted here"),
    arguments: [EngineJournalConfiguration.Dispatch.relaxed, .strict],
    [EngineJournalConfiguration.FailurePolicy.halt, .continueUnjournaled])
  func `an end while nothing can be kept finishes what went on, and says so`(
    dispatch: EngineJournalConfiguration.Dispatch,
    onFailure: EngineJournalConfiguration.FailurePolicy
  ) throws {
    let disk = try FullDisk(kilobytes: 1500)
    let engine = try Self.engine(
      disk.path + "/run.db", Self.names(3), dispatch: dispatch, onFailure: onFailure,
      options: JournalOptions(groupCount: 500), consumer: Recording())
    let symbols = (0..<3).map { SymbolID(rawValue: UInt32($0)) }
    guard var feed = try engine.feedGroup(symbols, source: "x") else { return }
    var pushed = 0
    for tick in PipelinePropertyTests.ticks(symbols: 3, count: 120_000, seed: 5) {
      var tries = 0
      while feed.push(tick.symbol, tick).taken == 0, tries < 10_000 {
        try engine.poll()
        tries += 1
      }
      pushed += tries < 10_000 ? 1 : 0
      try engine.poll()
      if engine.journal?.isFailing == true { break }
    }
    try disk.fill()
    // What is left may find room where the log begins anew; then nothing is lost.
    var isKept = true
    do { try engine.stop() } catch is JournalError { isKept = false }
    let recording = engine.withConsumer { $0 }
    if isKept { #expect(recording.inputs.count == pushed) }
    let shown = try transcript(recording.inputs, engine.configuration.pipeline, batch: { 100 })
    #expect(shown == recording.transcript)
    // Each has ended somewhere.
    #expect(engine.total.received == pushed)
    #expect(engine.total[.overflow] == pushed - recording.inputs.count)
    if onFailure == .continueUnjournaled { #expect(recording.inputs.count == pushed) }
  }

  @Test func `strict moves the clock once that is kept`() async throws {
    let folder = try Folder()
    let engine = try Self.engine(
      folder.store, Self.names(2), dispatch: .strict, consumer: Recording())
    let symbols = [SymbolID(rawValue: 0), SymbolID(rawValue: 1)]
    var group = try engine.feedGroup(symbols, source: "x")
    let ticks = PipelinePropertyTests.ticks(symbols: 2, count: 40, seed: 3)
    for tick in ticks { _ = group?.push(tick.symbol, tick) }
    try engine.poll()
    try await engine.journal?.reached(.os, UInt64(ticks.count))
    try engine.poll()
    let last = try #require(ticks.map(\.time).max())
    let before = engine.withConsumer { $0.transcript.bars.count }
    try engine.advance(to: last + .seconds(5))
    // Right after, and for as long as the store does not have it, nothing has closed.
    while engine.withConsumer({ $0.transcript.bars.count }) == before { try engine.poll() }
    #expect(try StoredTicks(path: folder.store).clockEvents.count == 1)
    try engine.stop()
  }

  @Test func `what feeds give up is counted for each of them once`() throws {
    let folder = try Folder()
    let engine = try Self.engine(folder.store, Self.names(1), consumer: Recording())
    let symbol = SymbolID(rawValue: 0)
    let tick = PipelinePropertyTests.ticks(symbols: 1, count: 4, seed: 1)[0]
    for name in ["a", "b"] {
      guard var feed = try engine.feed(for: symbol, source: name, policy: .dropNewest) else {
        return
      }
      for _ in 0..<74 { _ = feed.push(symbol, tick) }
      while try engine.poll() > 0 {}
      Thread.sleep(forTimeInterval: 0.01)
      try engine.poll()
    }
    try engine.stop()
    #expect(engine.total[.overflow] == 20)
    let counters = try StoreResumption(path: folder.store).counters
    #expect(counters.map(\.count) == [10, 10])
    #expect(counters.map(\.source.index) == [0, 1])
  }

  @Test func `a run's store is none of an engine's`() throws {
    let folder = try Folder()
    let configuration = try EngineConfiguration(
      pipeline: PipelineConfiguration(estimator: .rolling(window: 16)), maximumAhead: nil)
    var store = try Store(
      path: folder.store,
      configuration: StoreConfiguration(
        text: configuration.pipeline.text + ";held-slots=4096", timeframe: .second,
        featureNames: FeatureSet.standard().names))
    try store.append(version: 1, time: Timestamp(nanoseconds: 1), hash: Hash128(high: 1, low: 2))
    try store.close()
    #expect(throws: JournalError.self) {
      _ = try Self.engine(folder.store, Self.names(2), resumes: true, consumer: Recording())
    }
  }

  @Test func `a store's history has no place in a journal`() throws {
    let folder = try Folder()
    let first = try Self.engine(folder.store, Self.names(2), consumer: Recording())
    try first.stop()
    let other = try Self.engine(folder.path + "/other.db", Self.names(2), consumer: Recording())
    #expect(throws: ConfigurationError.self) { try other.take(.store(path: folder.store)) }
    try other.stop()
    #expect(throws: JournalError.holdsRun(path: folder.store)) {
      _ = try Self.engine(folder.store, Self.names(2), consumer: Recording())
    }
  }
}
