import Dispatch
import Synchronization
import Testing

@testable import Tickloom

/// Takes diagnostics; hangs while the door is shut.
final class DiagnosticRecorder: Sendable {
  struct Refusal: Error {}

  private let list = Mutex<[Diagnostic]>([])
  private let door = DispatchSemaphore(value: 0)
  private let isShut: Bool

  init(isShut: Bool = false) { self.isShut = isShut }

  var all: [Diagnostic] { list.withLock { $0 } }
  var lines: [String] { all.map(\.description) }

  func open() { for _ in 0..<1000 { door.signal() } }

  var sink: DiagnosticConfiguration.Sink {
    { diagnostic in
      if self.isShut { self.door.wait() }
      self.list.withLock { $0.append(diagnostic) }
      if diagnostic.message == "refuse this" { throw Refusal() }
    }
  }
}

struct DiagnosticsTests {
  private static func diagnostics(
    _ recorder: DiagnosticRecorder, _ levels: DiagnosticLevels = DiagnosticLevels(.debug),
    rate: Int = 1000, capacity: Int = 256, now: @escaping @Sendable () -> Int64 = { 5 }
  ) throws -> Diagnostics {
    try Diagnostics(
      DiagnosticConfiguration(
        sink: recorder.sink, levels: levels, ratePerSecond: rate, queueCapacity: capacity),
      now: now)
  }

  @Test func `a component's level decides, and fields of others are never made`() throws {
    let recorder = DiagnosticRecorder()
    var levels = DiagnosticLevels(.warning)
    levels[.feed] = .debug
    let diagnostics = try Self.diagnostics(recorder, levels)
    func unwanted() -> [Diagnostic.Field] {
      Issue.record("fields of what nobody wants")
      return []
    }
    diagnostics.tell(.info, .engine, "too little", unwanted())
    diagnostics.tell(.debug, .feed, "just right", [.init("n", 1)])
    diagnostics.tell(.error, .engine, "much")
    diagnostics.flush(within: .max / 2)
    #expect(recorder.lines == ["debug: feed: just right n=1", "error: engine: much"])
    #expect(recorder.all[0].monotonicNanoseconds == 5)
  }

  @Test func `more than the rate of one kind are left out, and counted`() throws {
    let recorder = DiagnosticRecorder()
    let clock = Mutex<Int64>(1)
    let diagnostics = try Self.diagnostics(recorder, rate: 3) { clock.withLock { $0 } }
    for _ in 0..<10 { diagnostics.tell(.info, .feed, "often") }
    diagnostics.tell(.info, .engine, "often")
    clock.withLock { $0 += 999_999_999 }
    diagnostics.tell(.info, .feed, "often")
    clock.withLock { $0 += 1 }
    for _ in 0..<5 { diagnostics.tell(.info, .feed, "often") }
    diagnostics.flush(within: .max / 2)
    let often = "info: feed: often"
    #expect(
      recorder.lines == [
        often, often, often, "info: engine: often", often + " suppressed=8", often, often,
        "info: diagnostics: left out by their rate component=feed message=often count=2",
      ])
  }

  @Test func `a sink that hangs loses what does not fit, and is told how much`() throws {
    let recorder = DiagnosticRecorder(isShut: true)
    let diagnostics = try Self.diagnostics(recorder, capacity: 4)
    // The first is in the sink's hands, or in the queue still.
    for number in 0..<50 { diagnostics.tell(.info, .engine, "tick", [.init("n", number)]) }
    let lost = diagnostics.sink.lostCount
    #expect(lost == 46 || lost == 45)
    diagnostics.flush(within: 1_000_000)
    recorder.open()
    diagnostics.flush(within: .max / 2)
    let told = recorder.lines.filter { $0.contains("diagnostics lost") }
    let sum = told.compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }.reduce(0, +)
    #expect(sum == lost)
    #expect(recorder.lines.count == 50 - lost + told.count)
    #expect(diagnostics.sink.busy == nil)
  }

  @Test func `a sink that throws is called again`() throws {
    let recorder = DiagnosticRecorder()
    let diagnostics = try Self.diagnostics(recorder)
    diagnostics.tell(.info, .engine, "refuse this")
    diagnostics.tell(.info, .engine, "take this")
    diagnostics.flush(within: .max / 2)
    #expect(recorder.all.count == 2)
    #expect(diagnostics.sink.lastError == "Refusal()")
  }

  @Test func `values that could be misread stand in quotation marks`() {
    let fields: [Diagnostic.Field] = [
      .init("a", "plain"), .init("b", "two words"), .init("c", #"say "x" \ "#), .init("d", ""),
    ]
    let diagnostic = Diagnostic(
      level: .info, component: .run, message: "m", fields: fields, monotonicNanoseconds: 0)
    #expect(diagnostic.description == #"info: run: m a=plain b="two words" c="say \"x\" \\ " d="""#)
  }

  @Test(arguments: ["", "loud", "feed=", "=info", "feed=info=debug", "bus=info", "info,", "Info"])
  func `levels that do not exist are refused`(text: String) {
    #expect(DiagnosticLevels(text) == nil)
  }

  @Test func `levels are read as they are written`() throws {
    let all = try #require(DiagnosticLevels("error"))
    #expect(Diagnostic.Component.allCases.allSatisfy { all[$0] == .error })
    let mixed = try #require(DiagnosticLevels("info,feed=debug,engine=error"))
    #expect(mixed[.feed] == .debug && mixed[.engine] == .error && mixed[.blas] == .info)
    #expect(DiagnosticLevels("feed=debug,error,engine=error,info") == mixed)
    let one = try #require(DiagnosticLevels("feed=debug"))
    #expect(one[.feed] == .debug && one[.engine] == .warning)
  }

  @Test func `settings out of range are told`() {
    for (rate, capacity, quiet, field) in [
      (0, 1, 0, "ratePerSecond"), (1, 0, 0, "queueCapacity"), (1, 1, -1, "quietSpan"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        _ = try DiagnosticConfiguration(
          sink: { _ in }, ratePerSecond: rate, queueCapacity: capacity,
          quietSpan: Nanoseconds(Int64(quiet)))
      }
      #expect(error?.field == field)
    }
  }
}
