internal import LoomCore
internal import LoomFeatures
internal import LoomNormalization

/// All that an engine changes, in one value: whoever has it runs the engine.
struct EngineCore<Members: Feature, Consumer: PipelineConsumer>: ~Copyable {
  private(set) var symbols = SymbolTable()
  private(set) var pipeline: Pipeline<Members>
  private(set) var consumer: Consumer
  private var sequencer: Sequencer
  /// By ``SymbolID``; the feed of each.
  private var sources: [SourceID]
  private var sourceNames: [String] = []
  private var isOpen: [Bool]
  /// What each symbol's feed had given up when it was last looked at.
  private var dropped: [UInt64]
  private var lastSequence: UInt64 = 0
  private var isStopped = false

  init(
    _ configuration: EngineConfiguration, _ names: [String],
    _ features: @escaping @Sendable () -> FeatureSet<Members>, _ consumer: consuming Consumer
  ) throws {
    guard names.count <= InboxDoor.symbolsMaximum else {
      throw ConfigurationError(
        field: "symbols", value: "\(names.count) names",
        allowed: "at most \(InboxDoor.symbolsMaximum)")
    }
    var symbols = SymbolTable()
    for (place, name) in names.enumerated() where symbols.register(name).index != place {
      throw ConfigurationError(field: "symbols", value: name, allowed: "every name once")
    }
    let pipeline = try Pipeline(
      configuration: configuration.pipeline, features: features, holders: configuration.holders)
    let sequencer = try Sequencer(
      ringCapacity: configuration.ringCapacity, drainLimit: configuration.drainLimit)
    self.symbols = symbols
    self.pipeline = pipeline
    self.sequencer = sequencer
    self.consumer = consumer
    sources = Array(repeating: SourceID(rawValue: 0), count: names.count)
    isOpen = Array(repeating: false, count: names.count)
    dropped = Array(repeating: 0, count: names.count)
  }

  mutating func open(_ symbols: [SymbolID], source: String) throws(CoreError) -> FeedGroup? {
    for symbol in symbols where symbol.index >= isOpen.count || isOpen[symbol.index] { return nil }
    guard Set(symbols).count == symbols.count, sourceNames.count <= UInt16.max else { return nil }
    let producer = try sequencer.door.open(symbols)
    let id = SourceID(rawValue: UInt16(sourceNames.count))
    sourceNames.append(source)
    for symbol in symbols {
      isOpen[symbol.index] = true
      sources[symbol.index] = id
    }
    return FeedGroup(source: id, producer: producer)
  }

  mutating func cycle() throws -> Int {
    if isStopped { return 0 }
    return try Self.cycle(&sequencer, sources, &pipeline, &consumer, &lastSequence)
  }

  // Static, as the sequencer hands its ticks to the pipeline.
  private static func cycle(
    _ sequencer: inout Sequencer, _ sources: borrowing [SourceID],
    _ pipeline: inout Pipeline<Members>, _ consumer: inout Consumer, _ lastSequence: inout UInt64
  ) throws -> Int {
    try sequencer.cycle(sources: sources) { ticks in
      try consumer.take(inputs: ticks, after: lastSequence)
      lastSequence += UInt64(ticks.count)
      try pipeline.process(ticks, into: &consumer)
    }
  }

  mutating func advance(to moment: Timestamp) throws {
    if !isStopped { try pipeline.advance(to: moment, into: &consumer) }
  }

  mutating func stop() throws {
    if isStopped { return }
    // A hint may be on its way still, so every ring is looked at, until none has anything.
    repeat { sequencer.sweepAll() } while try cycle() > 0
    isStopped = true
    try pipeline.finish(into: &consumer)
  }

  /// How the inputs ended, those that were given up among them.
  mutating func total() -> TickCounters {
    for symbol in dropped.indices where isOpen[symbol] {
      let id = SymbolID(rawValue: UInt32(symbol))
      let count = sequencer.door.dropped(id)
      pipeline.refuse(id, .overflow, count: Int(count - dropped[symbol]))
      dropped[symbol] = count
    }
    return pipeline.gate.total
  }
}
