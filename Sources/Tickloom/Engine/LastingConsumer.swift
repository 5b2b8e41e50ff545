internal import LoomCore
internal import LoomNormalization

/// A consumer whose errors stop nothing: after the first it is not called any more.
///
/// So what the engine knows stays whole, whatever a consumer throws in the middle of a batch.
struct LastingConsumer<Consumer: PipelineConsumer>: PipelineConsumer {
  private(set) var consumer: Consumer
  /// What it threw.
  private(set) var error: (any Error)?

  /// Whether it threw.
  var hasFailed: Bool { error != nil }

  /// How many bars of each symbol have closed or were made by corrections, as far as symbols have
  /// any.
  private(set) var barCounts: [Int] = []

  /// What was rejected, by its place in the ticks given, while ``isNotingRejections``.
  private(set) var rejections: [Rejection] = []
  /// Whether what is rejected is noted; from no to yes it begins with none.
  var isNotingRejections = false {
    didSet { if isNotingRejections { rejections.removeAll() } }
  }

  init(_ consumer: consuming Consumer) { self.consumer = consumer }

  mutating func take(inputs: Span<SequencedTick>) {
    keepError { consumer throws in try consumer.take(inputs: inputs) }
  }
  mutating func take(rejections: Span<Rejection>, offset: Int) {
    if isNotingRejections { note(rejections, offset: offset) }
    keepError { consumer throws in try consumer.take(rejections: rejections, offset: offset) }
  }
  mutating func take(bars: Span<CleanBar>) {
    for place in bars.indices { Self.count(bars[place], in: &barCounts) }
    keepError { consumer throws in try consumer.take(bars: bars) }
  }
  mutating func take(features: Span<FeatureRow>) {
    keepError { consumer throws in try consumer.take(features: features) }
  }
  mutating func take(correction: borrowing Correction) {
    for revised in correction.bars where revised.isNew { Self.count(revised.clean, in: &barCounts) }
    if error != nil { return }
    do { try consumer.take(correction: correction) } catch { self.error = error }
  }
  mutating func take(version: borrowing HeldVersion) {
    if error != nil { return }
    do { try consumer.take(version: version) } catch { self.error = error }
  }
  mutating func take(clock: Timestamp) {
    keepError { consumer throws in try consumer.take(clock: clock) }
  }

  var isToHalt: Bool { error == nil && consumer.isToHalt }
  var haltReason: String { consumer.haltReason }

  private mutating func note(_ rejections: Span<Rejection>, offset: Int) {
    for place in rejections.indices {
      var rejection = rejections[place]
      rejection.index += offset
      self.rejections.append(rejection)
    }
  }

  private static func count(_ bar: CleanBar, in counts: inout [Int]) {
    let symbol = bar.bar.symbol.index
    while counts.count <= symbol { counts.append(0) }
    counts[symbol] += 1
  }

  @inline(__always)
  private mutating func keepError(_ body: (inout Consumer) throws -> Void) {
    if error != nil { return }
    do { try body(&consumer) } catch { self.error = error }
  }
}
