internal import LoomCore
internal import LoomJournal
internal import LoomSystem

/// Writes the export and the store on a thread of its own.
struct RunWriter: ~Copyable {
  /// What is to be written, and where.
  struct Plan: Sendable {
    var files: RunFiles.Plan?
    var store: RunStore.Plan?
    /// By ``SourceID``.
    var sources: [String]
    /// By ``SymbolID``, those that are known before any row is read.
    var symbols: [String] = []
    /// Looked at to the last moment: a run that is stopped exports nothing.
    var cancellation: Cancellation

    var isEmpty: Bool { files == nil && store == nil }
  }

  private let full = Channel<RunParcel>(capacity: 4)
  private let empty = Channel<RunParcel>(capacity: 8)
  private var worker: Worker<Int64, any Error>?

  /// Starts the thread, which creates the files first.
  init(_ plan: Plan) throws(SystemError) {
    let (full, empty) = (full, empty)
    worker = try Worker(name: "tickloom-write") {
      defer { full.close() }
      return try Self.write(plan, full, empty)
    }
  }

  deinit {
    full.close()
    empty.close()
  }

  /// Hands a parcel over and puts an empty one in its place.
  ///
  /// - Throws: What has stopped the writing.
  mutating func send(_ parcel: inout RunParcel) throws {
    var next = empty.receiveIfReady() ?? RunParcel()
    swap(&next, &parcel)
    if !full.send(next) { _ = try finish() }
  }

  /// Waits until all is written and committed, and returns the nanoseconds that it took.
  ///
  /// Without a conclusion among the parcels nothing is exported, and the store is not finished.
  mutating func finish() throws -> Int64 {
    full.close()
    return try worker.take()?.join() ?? 0
  }

  private static func write(
    _ plan: Plan, _ full: Channel<RunParcel>, _ empty: Channel<RunParcel>
  ) throws -> Int64 {
    var files = try plan.files.map { plan throws(SystemError) in try RunFiles(plan) }
    var store = try plan.store.map { store throws(JournalError) in
      try RunStore(store, sources: plan.sources)
    }
    var labels = Labels(symbols: plan.symbols, sources: plan.sources)
    var nanoseconds: Int64 = 0
    while var parcel = try next(full, &store) {
      let start = MonotonicClock.nanoseconds
      if parcel.isDiscarded {
        store.take()?.discard()
        return nanoseconds
      }
      try store?.append(parcel, known: labels.symbols.count)
      labels.symbols += parcel.newSymbols
      try files?.append(parcel, labels)
      nanoseconds += MonotonicClock.nanoseconds - start
      if var conclusion = parcel.conclusion {
        conclusion.summary.finishStage("write", nanoseconds)
        let folder = try files?.finish(conclusion, names: labels.symbols, plan.cancellation)
        if plan.cancellation.isRequested { throw RunError.cancelled }
        try store.take()?.close()
        if let folder { try folder.commit() }
        return nanoseconds + MonotonicClock.nanoseconds - start
      }
      parcel.clear()
      empty.send(parcel)
    }
    return nanoseconds
  }

  /// The next parcel, nil after the last; what waits in the store meanwhile is committed in time.
  private static func next(
    _ full: Channel<RunParcel>, _ store: inout RunStore?
  ) throws(JournalError) -> RunParcel? {
    if let due = store?.dueNanoseconds {
      if let parcel = full.receive(until: due) { return parcel }
      try store?.commitIfDue()
    }
    return full.receive()
  }
}
