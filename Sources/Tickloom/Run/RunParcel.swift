internal import LoomCore
internal import LoomJournal
internal import LoomPublishing
internal import LoomSystem

/// What a batch of inputs put out, on its way to the thread that writes it.
struct RunParcel: ~Copyable, Sendable {
  /// Names registered since the parcel before, in order.
  var newSymbols: [String] = []
  /// The inputs; where a store takes them.
  var ticks: [SequencedTick] = []
  /// Which of the inputs so far were rejected.
  var rejected: [Reject] = []
  var clockEvents: [ClockEvent] = []
  var bars: [CleanBar] = []
  var features: [FeatureRow] = []
  var versions: [Version] = []
  /// How far the feeds are read that have given anything.
  var positions: [StorePosition] = []
  /// What was refused without a place in the order, as far as that has changed.
  var counters: [StoreCounter] = []
  /// The state after all that was sent so far; where one is due.
  var snapshot: StoreSnapshot?
  /// Whether the run has failed in a way that nobody would go on from.
  var isDiscarded = false
  /// Rows of `rejects.csv`.
  var rejects = TextBuffer()
  /// Nothing that starts a slot or more before it will come any more.
  var clock = Timestamp.distantPast
  /// The end of the run: everything is to be finished.
  var conclusion: Conclusion?

  /// A version without its matrix, but for those to be kept.
  struct Version: Sendable {
    var number: UInt64
    var start: Timestamp
    var hash: Hash128
    var matrix: CorrelationSnapshot?
  }

  /// What the files of the end are made of.
  struct Conclusion: Sendable {
    var summary: RunSummary
    /// Packed as the last version's correlations.
    var covariances: [Double]
  }

  /// Whether it holds nothing for a store.
  var isEmpty: Bool {
    newSymbols.isEmpty && ticks.isEmpty && rejected.isEmpty && clockEvents.isEmpty && bars.isEmpty
      && features.isEmpty && versions.isEmpty && positions.isEmpty && counters.isEmpty
      && snapshot == nil
  }

  /// Whether it is time to send it, although the batch is not over.
  var isHeavy: Bool { features.count > 512 || versions.count > 1024 || bars.count > 2048 }

  mutating func clear() {
    newSymbols.removeAll(keepingCapacity: true)
    ticks.removeAll(keepingCapacity: true)
    rejected.removeAll(keepingCapacity: true)
    clockEvents.removeAll(keepingCapacity: true)
    bars.removeAll(keepingCapacity: true)
    features.removeAll(keepingCapacity: true)
    versions.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    counters.removeAll(keepingCapacity: true)
    snapshot = nil
    rejects.removeAll()
    conclusion = nil
  }
}
