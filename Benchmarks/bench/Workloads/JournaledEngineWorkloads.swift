import Glibc
import LoomCore
import LoomJournal
import LoomSystem
import Tickloom

/// An engine that keeps its inputs, beside the same one that keeps none, and beside the journal alone.
///
/// `journal.engine`: as fast as it goes, from a feed's push on another thread to the published version
/// and, where a level is named, until the last tick is kept at it. `journal.paced`: two million ticks a
/// second are offered, and what counts is processor time, of all threads but the feed's, or of the
/// engine's own.
let journaledEngineWorkloads: [Workload] =
  [Keeping.none, .os].map { keeping in
    Workload(
      "journal.engine.\(keeping)", unit: "tick", operations: journaledCount,
      yardstick: keeping == .none ? "memory.copy.tick" : "journal.append.65536",
      threads: keeping == .none ? 2 : 3
    ) { iterations, watch in
      try run(keeping, iterations) { body in try watch.time { try body() } }
    }
  }
  + [Counting.all, .engine].flatMap { counting in
    [Keeping.none, .os].map { keeping in
      Workload(
        "journal.\(counting.name).\(keeping)", unit: "tick", operations: journaledCount,
        yardstick: keeping == .none ? "memory.copy.tick" : "journal.\(counting.name).none",
        threads: keeping == .none ? 2 : 3, isBrief: false
      ) { iterations, watch in
        try run(keeping, iterations, nanosecondsPerTick: 500) { body in
          let before = try ThreadTimes()
          try body()
          watch.add(nanoseconds: counting.nanoseconds(since: before, try ThreadTimes()))
        }
      }
    }
  }

/// Where the inputs go.
private enum Keeping: String {
  case none, os
}

/// Whose processor time counts.
private enum Counting {
  case all, engine

  var name: String { self == .all ? "paced" : "paced-cycle" }

  func nanoseconds(since before: ThreadTimes, _ now: ThreadTimes) -> Double {
    switch self {
    case .all: now.total(since: before) - now.nanoseconds(of: feedName, since: before)
    case .engine: now.nanoseconds(of: "tickloom-engine", since: before)
    }
  }
}

private let feedName = "bench-feed"

/// Counts what comes out and keeps none of it.
private struct Counts: PipelineConsumer, Sendable {
  var versions: UInt64 = 0

  mutating func take(version: borrowing HeldVersion) { versions = version.number }
}

private func run(
  _ keeping: Keeping, _ iterations: Int, nanosecondsPerTick: Int64 = 0,
  _ time: (() throws -> Void) throws -> Void
) throws {
  let folder = try TemporaryFolder()
  let journal =
    keeping == .none
    ? nil : try EngineJournalConfiguration(path: folder.path + "/journal", snapshotEvery: 0)
  let engine = try Engine(
    configuration: EngineConfiguration(
      pipeline: PipelineConfiguration(), maximumAhead: nil, journal: journal),
    symbols: (0..<10).map { "S\($0)" }, features: { .standard() }, consumer: Counts())
  let symbols = (0..<10).map { SymbolID(rawValue: UInt32($0)) }
  guard let feed = try engine.feedGroup(symbols, source: "bench", policy: .wait(.park)) else {
    throw WorkloadError("there is no feed")
  }
  let end = Movable(feed)
  let total = iterations * journaledCount
  // Made before anything counts.
  let quotes = Movable(EngineMarket.journaled())
  try engine.start()
  try time {
    let producer = try Worker<Void, Never>(name: feedName) {
      var feed = end.take()
      var market = quotes.take()
      push(total, of: &market, into: &feed, nanosecondsPerTick)
      // Its time is to be known by its name still.
      while engine.total.received < total { usleep(50) }
    }
    if let journal = engine.journal {
      while journal.sequence(at: .os) < total { usleep(100) }
    } else {
      while engine.total.received < total { usleep(100) }
    }
    producer.join()
  }
  try engine.stop()
  let versions = engine.withConsumer { $0.versions }
  if versions == 0 { throw WorkloadError("no version was published") }
}

/// Pushes so many ticks, at their pace where there is one.
private func push(
  _ total: Int, of market: inout EngineMarket, into feed: inout FeedGroup, _ pace: Int64
) {
  let start = MonotonicClock.nanoseconds
  var pushed = 0
  while pushed < total {
    if pace > 0 {
      while MonotonicClock.nanoseconds - start < Int64(pushed) * pace { usleep(200) }
    }
    market.withNext { symbol, ticks in
      let part = ticks.extracting(first: min(ticks.count, total - pushed))
      pushed += feed.push(symbol, part).taken
    }
  }
}
