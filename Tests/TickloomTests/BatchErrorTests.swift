import Synchronization
import Testing
import Tickloom

struct BatchErrorTests {
  init() { BLAS.useOneThread() }

  private struct Unreadable: Error {}

  private static let lists = BatchTicks.simulated(symbols: 4, ticks: 4000, seed: 9)

  private static func process(
    _ inputs: [BatchInput], timeframe: Timeframe = .second
  ) throws -> BatchResult {
    let configuration = try PipelineConfiguration(
      timeframe: timeframe, estimator: .rolling(window: 32))
    return try Batch(configuration: configuration).process(inputs, workers: 2)
  }

  private static func failure(_ result: BatchResult, _ place: Int) -> BatchSymbolError? {
    if case .failure(let error) = result.symbols[place] { return error }
    return nil
  }

  /// Ticks that cannot be used, by what is wrong with them.
  static let bad: [(name: String, ticks: [Tick])] = [
    ("NaN", lists[1].map { tick in Tick(time: tick.time, symbol: tick.symbol) }),
    (
      "crossed",
      lists[1].map { Tick(time: $0.time, symbol: $0.symbol, bid: 2, ask: 1) }
    ),
    ("backwards", lists[1].reversed()),
    ("nothing", []),
    ("ahead", lists[1].map { Tick(time: .end, symbol: $0.symbol, last: 1) }),
  ]

  @Test(arguments: bad.indices)
  func `one bad symbol changes nothing for the others`(place: Int) throws {
    var inputs = BatchTicks.inputs(Self.lists)
    let without = try Self.process([inputs[0], inputs[2], inputs[3]])
    inputs[1] = BatchInput(name: "bad", ticks: Self.bad[place].ticks)
    let with = try Self.process(inputs)
    #expect(Self.failure(with, 1) != nil)
    #expect(with.versions.map(\.start) == without.versions.map(\.start))
    for (other, expected) in zip([0, 2, 3], 0...) {
      let (one, two) = (try with.symbols[other].get(), try without.symbols[expected].get())
      #expect(one.features.values.map(\.bitPattern) == two.features.values.map(\.bitPattern))
      #expect(one.bars.map(\.logReturn.bitPattern) == two.bars.map(\.logReturn.bitPattern))
      #expect(one.bars.allSatisfy { $0.bar.symbol.index == other })
    }
    let rho = (with.correlation(0, 3), without.correlation(0, 2))
    #expect(rho.0 == rho.1 && rho.0.isFinite)
    #expect(with.correlation(0, 1).isNaN)
  }

  @Test func `names what is wrong with each`() throws {
    let good = Self.lists[0]
    let coarse = [0, 60, 120].map { second in
      Bar(
        start: Timestamp(nanoseconds: second * 1_000_000_000), symbol: .unknown, open: 1, high: 1,
        low: 1, close: 1)
    }
    let result = try Self.process([
      BatchInput(name: "", ticks: good),
      BatchInput(name: "A", ticks: good),
      BatchInput(name: "A", ticks: good),
      BatchInput(name: "B", ticks: []),
      BatchInput(name: "C", bars: coarse),
      BatchInput(name: "D") { throw Unreadable() },
      BatchInput(name: "E", ticks: Self.bad[1].ticks),
      BatchInput(name: "F", ticks: Self.bad[2].ticks),
      BatchInput(name: "G", bars: coarse, barStep: .second),
    ])
    #expect(Self.failure(result, 0) == .emptyName)
    #expect(Self.failure(result, 1) == nil)
    #expect(Self.failure(result, 2) == .duplicateName(firstPlace: 1))
    #expect(Self.failure(result, 3) == .noInput)
    #expect(
      Self.failure(result, 4) == .barsTooCoarse(step: .seconds(60), timeframe: .second))
    #expect(Self.failure(result, 5) == .unreadable("Unreadable()"))
    let refused = "all \(Self.lists[1].count) inputs were refused: crossed \(Self.lists[1].count)"
    #expect(Self.failure(result, 6)?.description == refused)
    if case .mostlyRejected(let counters)? = Self.failure(result, 7) {
      #expect(2 * counters[.late] > counters.received)
    } else {
      Issue.record("\(String(describing: Self.failure(result, 7)))")
    }
    #expect(Self.failure(result, 8) == nil)
    #expect(result.symbols.count == 9)
    #expect(result.versions.isEmpty == false)
  }

  @Test func `every refusal is a sentence`() {
    let errors: [BatchSymbolError] = [
      .emptyName, .duplicateName(firstPlace: 3), .unreadable("gone"), .noInput,
      .barsTooCoarse(step: .seconds(60), timeframe: .second), .nothingAccepted(TickCounters()),
      .mostlyRejected(TickCounters()),
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(errors[4].description == "bars of 1m are coarser than the batch's 1s")
    #expect("\(BatchError.core(.blasThreads))".contains("BLAS.useOneThread()"))
    #expect("\(BatchError.core(.outOfMemory))".contains("not enough memory"))
    #expect("\(BatchError.cancelled)".contains("stopped"))
  }

  @Test func `nothing in, nothing out`() throws {
    let result = try Self.process([])
    #expect(result.symbols.isEmpty && result.versions.isEmpty && result.latest == nil)
    #expect(result.featureNames.count == 27)
  }

  @Test func `one symbol alone has no versions`() throws {
    let result = try Self.process([BatchInput(name: "A", ticks: Self.lists[0])])
    #expect(try result.symbols[0].get().features.rowCount > 0)
    #expect(result.versions.isEmpty && result.correlation(0, 0).isNaN)
  }

  @Test func `fetches what is loaded late`() throws {
    let lists = Self.lists
    let ready = try Self.process(BatchTicks.inputs(lists))
    let loaded = try Self.process(
      lists.indices.map { place in BatchInput(name: "S\(place)") { lists[place] } })
    let same = BatchOutput(ready) == BatchOutput(loaded)
    #expect(same)
  }

  @Test func `a stop ends it, before and in between`() throws {
    let before = Cancellation()
    before.request()
    let batch = Batch(configuration: try PipelineConfiguration())
    #expect(throws: BatchError.cancelled) {
      try batch.process(BatchTicks.inputs(Self.lists), cancellation: before)
    }
    let between = Cancellation()
    let count = Mutex(0)
    let inputs = (0..<100).map { place in
      BatchInput(name: "S\(place)") {
        count.withLock { $0 += 1 }
        if place == 2 { between.request() }
        return Self.lists[0]
      }
    }
    #expect(throws: BatchError.cancelled) {
      try batch.process(inputs, workers: 2, cancellation: between)
    }
    #expect(count.withLock { $0 } < 100)
    let late = Cancellation()
    var versions = 0
    #expect(throws: BatchError.cancelled) {
      try batch.process(BatchTicks.inputs(Self.lists), cancellation: late) { _ in
        versions += 1
        if versions == 5 { late.request() }
      }
    }
    #expect(versions == 5)
  }

  @Test func `refuses no workers, and places that are not there`() async {
    await #expect(processExitsWith: .failure) {
      BLAS.useOneThread()
      _ = try Batch(configuration: try PipelineConfiguration()).process([], workers: 0)
    }
    await #expect(processExitsWith: .failure) {
      BLAS.useOneThread()
      _ = try Batch(configuration: try PipelineConfiguration()).process([]).correlation(0, 0)
    }
  }
}
