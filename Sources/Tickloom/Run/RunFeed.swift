internal import LoomCore
internal import LoomImport
internal import LoomJournal
internal import LoomSystem

/// Reads batches ahead on a thread of its own.
struct RunFeed: ~Copyable {
  /// What the reading thread hands over.
  struct Delivery: Sendable {
    var batch = InputBatch()
    /// Names registered with this batch, in order.
    var newSymbols: [String] = []
    /// Where the market clock is moved to after the batch.
    var clockEvent: Timestamp?
    var progress = Run.Progress(bytesRead: 0, bytesTotal: nil, ticks: 0)
    /// Whether the store of the run holds them, and the clock event, already.
    var isKept = false
  }

  let sources: [Source]
  private let full: Channel<Delivery>
  private let empty: Channel<Delivery>
  private var worker: Worker<Int64, any Error>?
  /// Nanoseconds that batches were waited for.
  private(set) var waitedNanoseconds: Int64 = 0

  /// Opens the inputs and starts to read; `live` says how lines are read as they come.
  ///
  /// A run that goes on takes what its store holds first.
  static func start(
    _ configuration: RunConfiguration, _ cancellation: Cancellation, live: LiveReading? = nil,
    _ resumption: RunResumption? = nil
  ) throws -> RunFeed {
    let full = Channel<Delivery>(capacity: 4)
    let empty = Channel<Delivery>(capacity: 8)
    if let path = configuration.replayedStore {
      var replay = try RunReplay(path: path, configuration)
      let sources = replay.sources
      let worker = try Worker<Int64, any Error>(name: "tickloom-read") {
        defer { full.close() }
        return try replay.run(full, empty)
      }
      return RunFeed(sources: sources, full: full, empty: empty, worker: worker)
    }
    let goesOn = resumption.map { !$0.isGivenAgain } ?? false
    let reader = try TickReader(
      inputs: configuration.inputs, configuration: configuration.importing,
      cancellation: cancellation, live: live,
      symbols: goesOn ? resumption?.point.symbols ?? [] : [],
      after: goesOn ? resumption?.point.lastSequence ?? 0 : 0)
    var labels = RunSourceLabels(reader.sources, goesOn ? resumption?.point.sources ?? [] : [])
    let sources = labels.sources
    let worker = try Worker<Int64, any Error>(name: "tickloom-read") {
      defer { full.close() }
      guard let resumption else { return try read(reader, full, empty) }
      return try resume(reader, &labels, resumption, full, empty)
    }
    return RunFeed(sources: sources, full: full, empty: empty, worker: worker)
  }

  /// Takes what the store holds, then reads on behind it.
  private static func resume(
    _ reader: TickReader, _ labels: inout RunSourceLabels, _ resumption: RunResumption,
    _ full: Channel<Delivery>, _ empty: Channel<Delivery>
  ) throws -> Int64 {
    var nanoseconds: Int64 = 0
    if !resumption.takesAllAgain {
      var replay = try RunReplay(resuming: resumption.point)
      nanoseconds = try replay.run(full, empty)
    }
    if !resumption.isGivenAgain {
      return try nanoseconds
        + read(reader, full, empty, known: reader.symbols.names.count) {
          labels.put(on: &$0)
        }
    }
    var rows = try RunResumedRows(resumption)
    let known = resumption.takesAllAgain ? 0 : resumption.point.symbols.count
    nanoseconds += try read(reader, full, empty, known: known) { batch in
      try rows.take(&batch, names: reader.symbols.names)
    }
    try rows.finish()
    return nanoseconds
  }

  private init(
    sources: [Source], full: Channel<Delivery>, empty: Channel<Delivery>,
    worker: consuming Worker<Int64, any Error>
  ) {
    self.sources = sources
    self.full = full
    self.empty = empty
    self.worker = consume worker
  }

  deinit {
    // The reader may wait for room; without it, nobody would ever wake it.
    full.close()
    empty.close()
  }

  /// The next batch, nil at the end of the input; an empty one where a live input is quiet.
  mutating func next() -> Delivery? {
    let start = MonotonicClock.nanoseconds
    defer { waitedNanoseconds += MonotonicClock.nanoseconds - start }
    return full.receive()
  }

  /// Gives a batch back, so that its memory is used again.
  func recycle(_ delivery: consuming Delivery) { empty.send(delivery) }

  /// Ends the reading and returns the nanoseconds that it took, waiting aside.
  ///
  /// - Throws: What stopped the reading before its end.
  mutating func finish() throws -> Int64 {
    full.close()
    return try worker.take()?.join() ?? 0
  }

  /// Reads to the end, or until nobody takes batches any more.
  private static func read(
    _ reader: TickReader, _ full: Channel<Delivery>, _ empty: Channel<Delivery>,
    known first: Int = 0, _ change: (inout InputBatch) throws -> Void = { _ in }
  ) throws -> Int64 {
    // Since here, as all that was waited before is no part of it.
    var nanoseconds = reader.waitedNanoseconds
    var ticks = 0
    var known = first
    while true {
      var delivery = empty.receiveIfReady() ?? Delivery()
      let start = MonotonicClock.nanoseconds
      guard try reader.read(into: &delivery.batch) else {
        return nanoseconds - reader.waitedNanoseconds
      }
      try change(&delivery.batch)
      nanoseconds += MonotonicClock.nanoseconds - start
      ticks += delivery.batch.ticks.count
      let names = reader.symbols.names
      delivery.newSymbols = names.count > known ? Array(names[known...]) : []
      known = max(known, names.count)
      (delivery.clockEvent, delivery.isKept) = (nil, false)
      delivery.progress = Run.Progress(
        bytesRead: reader.bytesRead, bytesTotal: reader.bytesTotal, ticks: ticks)
      if !full.send(delivery) { return nanoseconds - reader.waitedNanoseconds }
    }
  }
}
