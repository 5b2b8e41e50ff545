public import LoomCore
internal import LoomPublishing
public import LoomSystem

/// What came of one input: its bar, its features, and the versions it went into.
public struct TickExplanation: Sendable {
  /// A late tick that changed the bar.
  public struct Revision: Hashable, Sendable {
    /// The late tick.
    public let sequence: UInt64
    /// The version that it made.
    public let version: UInt64
  }

  /// The input.
  public internal(set) var input: SequencedTick
  /// The name of its symbol; empty where it has none.
  public internal(set) var symbol = ""
  /// The name of its feed.
  public internal(set) var source = ""
  /// Why it was rejected; nil where it was accepted.
  public internal(set) var reason: RejectReason?
  /// Its bar as it was at last; nil where it is in none, or that had not closed when the store ends.
  public internal(set) var bar: CleanBar?
  /// The start of the slot it falls into.
  public internal(set) var slot: Timestamp
  /// What has changed the bar after it closed, in order; the input itself where it was late.
  public internal(set) var revisions: [Revision] = []
  /// The features of the bar; nil where it is not valid.
  public internal(set) var features: FeatureRow?
  /// The names of the features.
  public internal(set) var featureNames: [String] = []
  /// Where the return of the bar counts; nil where it has none that is in a row.
  public internal(set) var use: RowUse?
  /// Where the return of the symbol's next bar counts, which starts from the close of this one.
  public internal(set) var nextUse: RowUse?
  /// The last version there is in what was taken of the store.
  public internal(set) var lastVersion: UInt64 = 0
  /// Where inputs are lost, so that what came after is not known.
  public internal(set) var cut: StoreCut?
  /// The settings of the run.
  public let configuration: PipelineConfiguration

  /// Looks for what came of an input.
  ///
  /// - Parameters:
  ///   - sequence: The input.
  ///   - path: The store, which may be being written.
  ///   - cancellation: Looked at between batches.
  ///   - progress: Called on the calling thread after each batch of some thousand inputs.
  /// - Returns: What came of it.
  /// - Throws: ``RunError`` where there is no such input, or one before it is lost.
  /// - Complexity: O(inputs up to the last that the answer depends on).
  public static func perform(
    _ sequence: UInt64, path: String, cancellation: Cancellation = Cancellation(),
    progress: (Run.Progress) -> Void = { _ in }
  ) throws(RunError) -> TickExplanation {
    var replay = try StoreReplay(path: path)
    guard let sequences = replay.outline.sequences else {
      throw .configuration("\(path) holds no inputs")
    }
    guard sequences.contains(sequence) else {
      throw .configuration(
        "there is no input \(sequence) in \(path); it holds \(sequences.lowerBound) to "
          + "\(sequences.upperBound)")
    }
    if replay.outline.retained.inputs > 0 {
      throw .store(.deletedInputs(path: path, through: replay.outline.retained.inputs))
    }
    // A bar that was open when an unfinished run ended has not closed.
    replay.closesAtEnd = replay.outline.state == "finished"
    let settings = try replay.settings()
    var consumer = TickConsumer(sequence, settings)
    let ending = try replay.perform(into: &consumer, cancellation) { progress($1) }
    guard var explanation = consumer.explanation else {
      throw .configuration(
        "what came of input \(sequence) of \(path) cannot be told: it or one before it is lost")
    }
    if case .cut(let cut) = ending { explanation.cut = cut }
    explanation.startWithCorrection()
    let (symbol, source) = (explanation.input.tick.symbol, explanation.input.tick.source)
    let outline = replay.outline
    explanation.symbol =
      symbol.index < outline.symbols.count ? outline.symbols[symbol.index] : ""
    explanation.source =
      source.index < outline.sources.count ? outline.sources[source.index] : ""
    explanation.featureNames = outline.featureNames
    return explanation
  }

  /// A late tick is in no version before the one that it made, although its bar was.
  private mutating func startWithCorrection() {
    guard let own = revisions.first(where: { $0.sequence == input.sequence }) else { return }
    if let first = use?.first, first < own.version { use?.first = own.version }
    if let first = nextUse?.first, first < own.version { nextUse?.first = own.version }
  }

  init(_ input: SequencedTick, slot: Timestamp, _ configuration: PipelineConfiguration) {
    self.input = input
    self.slot = slot
    self.configuration = configuration
  }
}

extension TickExplanation {
  /// The explanation as one JSON object, without a line feed at its end.
  public func json() -> TextBuffer {
    var json = JSONText()
    json.object { json in
      json.member("seq", Int(clamping: input.sequence))
      json.member("tick") { write(input.tick, to: &$0) }
      json.member("fate", reason?.name ?? "accepted")
      if let bar { json.member("bar") { Self.write(bar, to: &$0) } }
      json.array("revisions", revisions) { revision, json in
        json.member("seq", Int(clamping: revision.sequence))
        json.member("version", Int(clamping: revision.version))
      }
      if let features {
        json.member("features") { json in
          for (place, name) in featureNames.enumerated() where place < Int(features.count) {
            json.member(name, features.values[place])
          }
        }
      }
      if let use { json.member("return") { Self.write(use, to: &$0) } }
      if let nextUse { json.member("next_return") { Self.write(nextUse, to: &$0) } }
      if let cut {
        json.member("cut") { json in
          json.member("first_seq", Int(clamping: cut.sequences.lowerBound))
          json.member("last_seq", Int(clamping: cut.sequences.upperBound))
          json.member("reason", cut.reason)
        }
      }
    }
    return json.finish()
  }

  private func write(_ tick: Tick, to json: inout JSONText) {
    json.member("time", tick.time.description)
    json.member("receive_time", tick.receiveTime.description)
    json.member("symbol", symbol)
    json.member("source", source)
    let numbers = [
      ("bid", tick.bid), ("ask", tick.ask), ("bid_size", tick.bidSize),
      ("ask_size", tick.askSize), ("last", tick.last), ("size", tick.lastSize),
    ]
    for (name, value) in numbers { json.member(name, value) }
    json.member("venue_seq", "\(tick.venueSequence)")
    json.member("flags", Int(tick.flags.rawValue))
  }

  private static func write(_ clean: CleanBar, to json: inout JSONText) {
    let bar = clean.bar
    json.member("time", bar.start.description)
    let numbers = [
      ("open", bar.open), ("high", bar.high), ("low", bar.low), ("close", bar.close),
      ("volume", bar.volume), ("log_return_1", clean.logReturn),
    ]
    for (name, value) in numbers { json.member(name, value) }
    json.member("tick_count", Int(bar.tickCount))
    json.member("first_seq", Int(clamping: bar.firstSequence))
    json.member("last_seq", Int(clamping: bar.lastSequence))
    json.member("revision", Int(bar.revision))
  }

  private static func write(_ use: RowUse, to json: inout JSONText) {
    json.member("time", use.start.description)
    json.member("value", use.logReturn)
    json.member("first_version", Int(clamping: use.first))
    if let last = use.last { json.member("last_version", Int(clamping: last)) }
  }
}
