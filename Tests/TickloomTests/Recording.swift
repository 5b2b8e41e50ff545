import Tickloom

/// Everything an engine put out, and the order it was made from.
struct Recording: PipelineConsumer, Sendable {
  struct Failure: Error {}

  var inputs: [Tick] = []
  var transcript = Transcript()
  private var firstSequence: UInt64?
  /// With more, it has the engine halted.
  let inputsMaximum: Int
  /// As well.
  let barsMaximum: Int
  /// After so many bars it throws.
  let throwsAfter: Int

  init(inputsMaximum: Int = .max, barsMaximum: Int = .max, throwsAfter: Int = .max) {
    self.inputsMaximum = inputsMaximum
    self.barsMaximum = barsMaximum
    self.throwsAfter = throwsAfter
  }

  mutating func take(inputs: Span<SequencedTick>) {
    for index in inputs.indices {
      self.inputs.append(inputs[index].tick)
      let first = firstSequence ?? inputs[index].sequence
      firstSequence = first
      let place = inputs[index].sequence - first + 1
      precondition(place == UInt64(self.inputs.count), "inputs are numbered without a gap")
    }
  }
  mutating func take(bars: Span<CleanBar>) throws {
    transcript.take(bars: bars)
    if transcript.bars.count >= throwsAfter { throw Failure() }
  }
  mutating func take(features: Span<FeatureRow>) { transcript.take(features: features) }
  mutating func take(version: borrowing HeldVersion) { transcript.take(version: version) }

  var isToHalt: Bool { inputs.count > inputsMaximum || transcript.bars.count > barsMaximum }
  var haltReason: String { "\(inputs.count) inputs, \(transcript.bars.count) bars" }
}
