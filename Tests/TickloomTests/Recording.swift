import Tickloom

/// Everything an engine put out, and the order it was made from.
struct Recording: PipelineConsumer, Sendable {
  struct Failure: Error {}

  var inputs: [Tick] = []
  var transcript = Transcript()
  /// With more, it has the engine halted.
  var inputsMaximum = Int.max
  /// After so many bars it throws.
  var throwsAfter = Int.max

  mutating func take(inputs: Span<SequencedTick>) {
    for index in inputs.indices {
      self.inputs.append(inputs[index].tick)
      let count = UInt64(self.inputs.count)
      precondition(inputs[index].sequence == count, "inputs are numbered without a gap")
    }
  }
  mutating func take(bars: Span<CleanBar>) throws {
    transcript.take(bars: bars)
    if transcript.bars.count >= throwsAfter { throw Failure() }
  }
  mutating func take(features: Span<FeatureRow>) { transcript.take(features: features) }
  mutating func take(version: borrowing HeldVersion) { transcript.take(version: version) }

  var isToHalt: Bool { inputs.count > inputsMaximum }
  var haltReason: String { "\(inputs.count) inputs" }
}
