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

  mutating func take(inputs: Span<Tick>, after sequence: UInt64) {
    precondition(sequence == UInt64(self.inputs.count), "inputs are numbered without a gap")
    for index in inputs.indices { self.inputs.append(inputs[index]) }
  }
  mutating func take(bars: Span<CleanBar>) throws {
    transcript.take(bars: bars)
    if transcript.bars.count >= throwsAfter { throw Failure() }
  }
  mutating func take(features: Span<FeatureRow>) { transcript.take(features: features) }
  mutating func take(version: borrowing HeldVersion) { transcript.take(version: version) }

  var haltReason: String? { inputs.count > inputsMaximum ? "\(inputs.count) inputs" : nil }
}
