import LoomCore
import LoomNormalization
import Testing

struct BarCorrectorTests {
  func priced(_ seconds: Double, _ price: Double, sequence: UInt64) -> PricedTick {
    PricedTick(time: at(seconds), symbol: first, price: price, size: 1, sequence: sequence)
  }

  @Test func `a guard marks what corrects and counts it as late`() throws {
    var gate = Guard(
      configuration: try NormalizationConfiguration(corrections: .on(horizon: .seconds(4))))
    let ticks = [trade(0.5, 1), trade(5.5, 2), trade(2.5, 3), trade(1.2, 4), trade(5.6, 5)]
    let sequenced = ticks.enumerated().map {
      SequencedTick(sequence: UInt64($0.offset + 1), tick: $0.element)
    }
    var accepted = [PricedTick](repeating: priced(0, 0, sequence: 0), count: ticks.count)
    var rejected: [Rejection] = []
    var room = accepted.mutableSpan
    let count = gate.admit(sequenced.span, into: &room, rejected: &rejected)
    // 5.5 less 4 s is 1.5: the slot at 1 is out of reach, the one at 2 is not.
    #expect(accepted.prefix(count).map(\.sequence) == [1, 2, 3, 5])
    #expect(accepted.prefix(count).map(\.isCorrecting) == [false, false, true, false])
    let late = Rejection(index: 2, reason: .late)
    #expect(rejected == [late, Rejection(index: 3, reason: .late)])
    let (total, latest) = (gate.total, gate.latestTime(of: first))
    #expect(total.accepted == 3 && total[.late] == 2 && total.received == 5)
    #expect(latest == at(5.6))
  }

  @Test func `bars leave once nothing reaches them`() throws {
    let configuration = try NormalizationConfiguration(corrections: .on(horizon: .seconds(3)))
    var builder = BarBuilder(configuration: configuration)
    var cleaner = BarCleaner(configuration: configuration)
    let made = BarCorrector(configuration: configuration)
    guard var corrector = made else { return #expect(Bool(false), "there is none") }
    var (closed, states) = ([Bar](), ClosedStates())
    let ticks = (0..<10).map { priced(Double($0), 1, sequence: UInt64($0 + 1)) }
    builder.build(ticks.span, into: &closed, keeping: &states)
    var (clean, left) = ([CleanBar](), [CleanBar]())
    cleaner.clean(closed.span, into: &clean)
    corrector.note(clean.span, &states, left: &left)
    // The newest closed bar ends at 9, from where 3 s reach back to the one at 6.
    #expect(left.map(\.bar.start) == (0..<6).map { at(Double($0)) })
    var correction = BarCorrection()
    var tick = priced(7.5, 2, sequence: 11)
    tick.isCorrecting = true
    corrector.correct(tick, of: &builder, by: &cleaner, into: &correction)
    #expect(correction.unchanged.map(\.bar.start) == [at(6)])
    #expect(correction.before.map(\.bar.start) == [at(7), at(8)])
    #expect(correction.revised.map(\.clean.bar.start) == [at(7), at(8)])
    #expect(correction.revised.map(\.supersededCause) == [9, 10])
    #expect(correction.after.map(\.bar.close) == [2, 1])
  }

  @Test func `without corrections there is no corrector`() throws {
    let corrector = BarCorrector(configuration: try NormalizationConfiguration())
    let isThere = corrector != nil
    #expect(!isThere)
  }

  @Test func `a tick in time corrects nothing`() async {
    await #expect(processExitsWith: .failure) {
      let configuration = try NormalizationConfiguration(corrections: .on(horizon: .seconds(3)))
      var builder = BarBuilder(configuration: configuration)
      var cleaner = BarCleaner(configuration: configuration)
      var corrector = BarCorrector(configuration: configuration)
      var correction = BarCorrection()
      let tick = PricedTick(time: at(0), symbol: first, price: 1, sequence: 1)
      corrector?.correct(tick, of: &builder, by: &cleaner, into: &correction)
    }
  }
}
