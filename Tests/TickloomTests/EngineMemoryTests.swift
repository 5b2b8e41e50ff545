import Glibc
import LoomSystem
import Testing
import Tickloom

/// What an engine says it needs at most, beside what the heap hands out while it does its worst.
struct EngineMemoryTests {
  struct Silent: PipelineConsumer, Sendable {}
  typealias Lean = Engine<StandardFeatures, Silent>

  /// Which symbols have a tick in a round.
  enum Who: Sendable {
    case all
    /// One more in each round.
    case oneByOne
    /// After two rounds the first alone.
    case first
  }

  /// An engine and what is pushed into it.
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    var symbols = 5
    /// How many of them come after the start.
    var added = 0
    var who = Who.all
    var rounds = 1200
    var timeframe = Timeframe.second
    var lateness = Nanoseconds.zero
    var corrections = Corrections.off
    var estimator = CorrelationEstimator.rolling(window: 64)
    var depth = 0
    var heldSlots = 4096

    func engine() throws -> Lean {
      BLAS.useOneThread()
      let pipeline = try PipelineConfiguration(
        timeframe: timeframe, lateness: lateness, corrections: corrections, estimator: estimator)
      let engine = try Lean(
        configuration: EngineConfiguration(
          pipeline: pipeline, holders: 1, depth: depth, heldSlots: heldSlots, maximumAhead: nil),
        symbols: (0..<symbols - added).map { "S\($0)" }, features: { .standard() },
        consumer: Silent())
      for place in symbols - added..<symbols { _ = try engine.add("S\(place)") }
      return engine
    }

    func symbols(in round: Int) -> Range<Int> {
      switch who {
      case .all: 0..<symbols
      case .oneByOne: 0..<min(symbols, round + 1)
      case .first: 0..<(round < 2 ? symbols : 1)
      }
    }

    func tick(_ round: Int, _ symbol: Int) -> Tick {
      let price = 100 + Double((round * 7 + symbol * 3) % 11)
      var tick = EngineHistoryBorderTests.trade(0, symbol, price)
      tick.time = tick.time + Nanoseconds(Int64(round) * timeframe.span.count)
      // Of its own, so that repeats are remembered.
      tick.venueSequence = UInt64(round + 1)
      return tick
    }

    /// What is computed, and the most that was allocated after any cycle.
    func measure() throws -> (computed: EngineMemory, allocated: Int) {
      let before = HeapUse.bytes
      let engine = try engine()
      let ids = (0..<symbols).map { SymbolID(rawValue: UInt32($0)) }
      guard var feed = try engine.feedGroup(ids, source: "x") else {
        throw EngineThreadTests.NoFeed()
      }
      var most = 0
      for round in 0..<rounds {
        for symbol in symbols(in: round) {
          let tick = tick(round, symbol)
          _ = feed.push(tick.symbol, tick)
        }
        // Corrects its bar where there are corrections.
        let late = tick(max(0, round - 40), 0)
        if round % 50 == 0, corrections != .off { _ = feed.push(late.symbol, late) }
        try engine.poll()
        most = max(most, HeapUse.bytes - before)
      }
      return (engine.memory(), most)
    }
  }

  static let cases = [
    Case(description: "two symbols", symbols: 2),
    Case(description: "a silent symbol", symbols: 2, who: .first, rounds: 5000, depth: 1),
    Case(
      description: "few slots", symbols: 2, who: .first, rounds: 3000, depth: 1, heldSlots: 1100),
    Case(description: "one by one", symbols: 90, who: .oneByOne),
    Case(description: "at once", symbols: 60),
    Case(description: "one more than before", symbols: 21, added: 1, depth: 64),
    Case(description: "short bars", symbols: 20, timeframe: Timeframe("100ms") ?? .second),
    Case(description: "late ticks", symbols: 20, lateness: .seconds(20)),
    Case(description: "corrections", corrections: .on(horizon: .seconds(515))),
    Case(
      description: "weighted", symbols: 20, corrections: .on(horizon: .seconds(60)),
      estimator: .exponential(decay: 0.9)),
  ]

  /// A sanitizer's own allocator tells nothing of the heap.
  private static let isSanitized = (["__asan_init", "__tsan_init"] as [String]).contains {
    unsafe dlsym(nil, $0) != nil
  }

  @Test(.enabled(if: !isSanitized))
  func `no engine allocates more than is computed, nor half as much`() async {
    // In a process of its own: the heap is that of all tests.
    await #expect(processExitsWith: .success) {
      for one in Self.cases {
        let (computed, allocated) = try one.measure()
        #expect(computed.total >= allocated, "\(one): \(computed), \(allocated)")
        #expect(computed.total <= 2 * allocated, "\(one): \(computed), \(allocated)")
      }
    }
  }

  @Test func `a bound of what waits is part of it`() throws {
    let few = try Case(description: "few", depth: 1, heldSlots: 64).engine().memory()
    let many = try Case(description: "many", depth: 1, heldSlots: 1 << 20).engine().memory()
    #expect(many.guards > few.guards + 8 << 20)
    #expect(many.bars > few.bars + 24 << 20)
    #expect(many.tables > few.tables + 200 << 20)
    let error = #expect(throws: ConfigurationError.self) {
      try Case(description: "none", heldSlots: 0).engine()
    }
    #expect(error?.field == "heldSlots" && error?.allowed == "1 … 1048576")
  }

  @Test func `is computed for as many symbols as there can be`() async throws {
    let engine = try Case(description: "some").engine()
    #expect(engine.memory(symbols: 0).rings == 0)
    #expect(engine.memory(symbols: 16_384).total > engine.memory(symbols: 16_383).total)
    await #expect(processExitsWith: .failure) {
      _ = try Case(description: "some").engine().memory(symbols: 16_385)
    }
    await #expect(processExitsWith: .failure) {
      _ = try Case(description: "some").engine().memory(symbols: -5)
    }
  }
}
