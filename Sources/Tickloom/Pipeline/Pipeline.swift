public import LoomCore
public import LoomFeatures
public import LoomNormalization
public import LoomPublishing

/// Every stage in one value on one thread: sequenced ticks in; bars, features and versions out.
///
/// It has no clock, no I/O and no locks: the same ticks give the same output, however they are
/// split into batches. Nothing is allocated per tick once the symbols are known.
public struct Pipeline<Members: Feature>: ~Copyable {
  /// The settings.
  public let configuration: PipelineConfiguration
  /// Judges the inputs; holds their counts and the market clock.
  public private(set) var gate: Guard
  /// The names of a feature row's values.
  public let featureNames: [String]

  private var bars: BarStage
  private var features: FeatureStage<Members>
  private var correlator: Correlator

  // Storage that each batch reuses.
  private var priced: [PricedTick]
  private var rejections: [Rejection] = []
  private var stamped: [SequencedTick]
  /// The sequence of the last tick that was numbered here.
  private var lastSequence: UInt64 = 0

  /// How many ticks go through the stages together: they stay in the first-level cache.
  static var batchCount: Int { 256 }

  /// Creates a pipeline that has seen nothing.
  ///
  /// - Parameters:
  ///   - configuration: The settings of the stages.
  ///   - features: Makes the feature set of one symbol; called once per symbol.
  /// - Throws: ``LoomCore/CoreError`` where BLAS is not single-threaded or memory is short.
  public init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>
  ) throws(CoreError) {
    try self.init(configuration: configuration, features: features, maximumHeld: 1 << 20)
  }

  /// The same with another bound of the rows that a silent symbol can hold back, and of the versions
  /// that readers can hold.
  init(
    configuration: PipelineConfiguration, features: @escaping @Sendable () -> FeatureSet<Members>,
    maximumHeld: Int = 1 << 20, holders: Int = 1
  ) throws(CoreError) {
    self.configuration = configuration
    gate = Guard(configuration: configuration.normalization, maximumHeld: maximumHeld)
    bars = BarStage(configuration: configuration.normalization)
    self.features = FeatureStage(makeSet: features)
    correlator = try Correlator(configuration: configuration, holders: holders)
    featureNames = features().names
    let empty = PricedTick(
      time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)
    priced = Array(repeating: empty, count: Self.batchCount)
    stamped = Array(
      repeating: SequencedTick(sequence: 0, tick: Tick(time: .distantPast, symbol: .unknown)),
      count: Self.batchCount)
  }

  /// Numbers and publishes the versions.
  public var publisher: VersionPublisher {
    _read { yield correlator.publisher }
  }

  /// Takes ticks in order of their sequence.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, into consumer: inout Consumer
  ) throws {
    try process(ticks, offset: 0, into: &consumer)
  }

  /// Takes ticks in order of arrival and numbers them 1, 2, 3 … across calls.
  ///
  /// Give a pipeline either these or ticks with their sequence, not both.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<Tick>, into consumer: inout Consumer
  ) throws {
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + Self.batchCount)
      var batch = take(&stamped)
      defer { swap(&stamped, &batch) }
      Self.stamp(ticks.extracting(start..<end), after: lastSequence, into: &batch)
      lastSequence += UInt64(end - start)
      try process(batch.span.extracting(0..<(end - start)), offset: start, into: &consumer)
      start = end
    }
  }

  private static func stamp(
    _ ticks: Span<Tick>, after sequence: UInt64, into stamped: inout [SequencedTick]
  ) {
    var room = stamped.mutableSpan
    for index in ticks.indices {
      room[index] = SequencedTick(sequence: sequence + UInt64(index + 1), tick: ticks[index])
    }
  }

  /// Takes ticks in order of arrival and numbers them 1, 2, 3 … across calls.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: [Tick], into consumer: inout Consumer
  ) throws {
    try process(ticks.span, into: &consumer)
  }

  private mutating func process<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, offset: Int, into consumer: inout Consumer
  ) throws {
    var start = 0
    while start < ticks.count {
      let end = min(ticks.count, start + Self.batchCount)
      try step(ticks.extracting(start..<end), offset: offset + start, into: &consumer)
      start = end
    }
  }

  /// Counts inputs that were refused before they came here.
  mutating func refuse(_ symbol: SymbolID, _ reason: RejectReason, count: Int) {
    gate.reject(symbol, reason, count: count)
  }

  /// Moves the market clock to `moment`, which closes what ends by then; it never goes back.
  ///
  /// - Throws: What `consumer` throws, and ``LoomCore/CoreError/outOfMemory`` for a new symbol.
  public mutating func advance<Consumer: PipelineConsumer & ~Copyable>(
    to moment: Timestamp, into consumer: inout Consumer
  ) throws {
    gate.advance(to: moment)
    bars.close(through: gate.marketClock, cause: gate.lastSequence)
    try publish(through: gate.marketClock, into: &consumer)
  }

  /// Closes every bar and publishes the rows that were waiting: the input has ended.
  public mutating func finish<Consumer: PipelineConsumer & ~Copyable>(into consumer: inout Consumer)
    throws
  {
    bars.close(through: .distantFuture, cause: gate.lastSequence)
    try publish(through: .distantFuture, into: &consumer)
  }

  private mutating func step<Consumer: PipelineConsumer & ~Copyable>(
    _ ticks: Span<SequencedTick>, offset: Int, into consumer: inout Consumer
  ) throws {
    admit(ticks)
    if !rejections.isEmpty {
      try consumer.take(rejections: rejections.span, offset: offset)
      rejections.removeAll(keepingCapacity: true)
    }
    try publish(through: gate.marketClock, into: &consumer)
  }

  /// Judges the ticks and folds the accepted ones into bars.
  private mutating func admit(_ ticks: Span<SequencedTick>) {
    var accepted = take(&priced)
    var room = accepted.mutableSpan
    let count = gate.admit(ticks, into: &room, rejected: &rejections)
    bars.fold(accepted.span.extracting(0..<count))
    priced = accepted
  }

  /// Puts out the closed bars and their features, and publishes the rows that are final at `clock`.
  private mutating func publish<Consumer: PipelineConsumer & ~Copyable>(
    through clock: Timestamp, into consumer: inout Consumer
  ) throws {
    if bars.complete() {
      Self.hand(bars.bars, to: &features, &correlator)
      try consumer.take(bars: bars.bars.span)
      if !features.rows.isEmpty { try consumer.take(features: features.rows.span) }
    }
    while try correlator.publishNext(through: clock) {
      try consumer.take(version: correlator.publisher.latest)
    }
    try consumer.take(clock: clock)
  }

  // Static: a span of what a stage holds borrows the whole pipeline.
  private static func hand(
    _ bars: borrowing [CleanBar], to features: inout FeatureStage<Members>,
    _ correlator: inout Correlator
  ) {
    features.update(bars.span)
    correlator.add(bars.span)
  }
}

/// Moves an array out, so that it can be read while its old owner is changed; put it back after.
func take<Element>(_ array: inout [Element]) -> [Element] {
  var taken: [Element] = []
  swap(&taken, &array)
  return taken
}
