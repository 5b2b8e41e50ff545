internal import LoomCore
internal import LoomNormalization
internal import LoomPublishing

/// Follows one input through everything that comes of it.
struct TickConsumer: ~Copyable, ReplayConsumer {
  private(set) var explanation: TickExplanation?
  private let sequence: UInt64
  private let settings: PipelineConfiguration
  private var joined: JoinedRows
  private var rowCount: EntryRows
  private var ticks: [SequencedTick] = []
  private var own: ReturnTracker?
  private var next: ReturnTracker?

  init(_ sequence: UInt64, _ settings: PipelineConfiguration) {
    self.sequence = sequence
    self.settings = settings
    joined = JoinedRows(settings)
    rowCount = EntryRows(
      .rolling(window: 2), corrections: settings.normalization.corrections)
  }

  mutating func begin(_ delivery: RunFeed.Delivery) throws {
    // A late tick that corrects its bar has done so by now.
    if explanation?.reason != nil, explanation?.bar == nil { throw ReplayStop() }
    ticks = delivery.batch.ticks
    guard explanation == nil, let first = ticks.first?.sequence, first <= sequence,
      let last = ticks.last?.sequence, sequence <= last,
      let input = ticks.first(where: { $0.sequence == sequence })
    else { return }
    let slot = settings.normalization.timeframe.slotStart(of: input.tick.time)
    explanation = TickExplanation(input, slot: slot, settings)
    own = ReturnTracker(input.tick.symbol, at: slot, settings)
  }

  mutating func take(rejections: Span<Rejection>, offset: Int) throws {
    if explanation == nil { return }
    for index in rejections.indices {
      guard ticks[offset + rejections[index].index].sequence == sequence else { continue }
      explanation?.reason = rejections[index].reason
      // A late one may still correct its bar.
      if rejections[index].reason == .late, settings.normalization.corrections != .off { return }
      throw ReplayStop()
    }
  }

  mutating func take(bars: Span<CleanBar>) {
    joined.add(bars)
    guard let explanation else { return }
    for index in bars.indices
    where bars[index].bar.symbol == explanation.input.tick.symbol { note(bars[index]) }
  }

  private mutating func note(_ bar: CleanBar) {
    guard let slot = explanation?.slot else { return }
    if bar.bar.start == slot, isIn(bar) { explanation?.bar = bar }
    let follows = bar.previousStart(settings.normalization.timeframe) == slot
    if follows, next?.start != bar.bar.start {
      next = ReturnTracker(bar.bar.symbol, at: bar.bar.start, settings)
    }
  }

  /// Not so while it is late and has corrected nothing yet.
  private func isIn(_ bar: CleanBar) -> Bool {
    bar.bar.firstSequence <= sequence && sequence <= bar.bar.lastSequence
  }

  mutating func take(features: Span<FeatureRow>) {
    guard let bar = explanation?.bar?.bar else { return }
    for index in features.indices
    where features[index].symbol == bar.symbol && features[index].start == bar.start {
      explanation?.features = features[index]
    }
  }

  mutating func take(correction: borrowing Correction) {
    let (late, version) = (correction.sequence, correction.version)
    if correction.symbol == explanation?.input.tick.symbol {
      for revised in correction.bars {
        note(revised.clean)
        guard explanation?.bar?.bar.start == revised.clean.bar.start else { continue }
        if !revised.clean.isValid { explanation?.features = nil }
        explanation?.revisions.append(.init(sequence: late, version: version))
      }
      let rows = correction.features
      take(features: rows.span)
    }
    guard let start = joined.rewind(correction) else { return }
    own?.rewind(to: start, version: version)
    next?.rewind(to: start, version: version)
    rowCount.removeAll(from: start)
    takeRows(of: version)
  }

  mutating func take(version: borrowing HeldVersion) throws {
    if version.header.correctingSequence == 0 { joined.move(to: version.start) }
    takeRows(of: version.number)
    explanation?.lastVersion = version.number
    if explanation?.bar != nil {
      explanation?.use = own?.use
      explanation?.nextUse = next?.use
    }
    if isOver(at: version.start) { throw ReplayStop() }
  }

  private mutating func takeRows(of version: UInt64) {
    while joined.next() {
      let number = rowCount.count
      rowCount.append(joined.row.start, .nan, .nan)
      own?.take(joined, number: number, version: version)
      next?.take(joined, number: number, version: version)
    }
  }

  /// Whether both returns have left the window, and no late tick can change the bars any more.
  private func isOver(at start: Timestamp) -> Bool {
    guard let own, let next, own.isOver(at: start), next.isOver(at: start) else { return false }
    let horizon = settings.normalization.corrections.horizon ?? .zero
    return start > next.start + horizon + settings.normalization.timeframe.span
  }

  mutating func take(clock: Timestamp) {
    joined.move(clock: clock)
    takeRows(of: explanation?.lastVersion ?? 0)
  }
}
