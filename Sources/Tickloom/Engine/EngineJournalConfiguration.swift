public import LoomJournal
internal import LoomNormalization

/// Where an ``Engine`` keeps its inputs, and what it does while it cannot.
public struct EngineJournalConfiguration: Sendable {
  /// When ticks go on into the pipeline.
  public enum Dispatch: String, Sendable {
    /// At once: what comes out may be of ticks that a crash loses.
    case relaxed
    /// Once they are kept at the level of the options: nothing comes out that could be lost.
    case strict
  }

  /// What becomes of ticks while nothing can be kept: the disk is full, or fails.
  public enum FailurePolicy: String, Sendable {
    /// None is taken, and the feeds are told why, until there is room again.
    case halt
    /// They go on unkept, which diagnostics and health say; the store has a gap, and no replay of it
    /// is the run.
    case continueUnjournaled
  }

  /// The file; see ``LoomJournal/Store``.
  public let path: String
  /// How it is kept.
  public let options: JournalOptions
  /// When ticks go on; at once unless set.
  public let dispatch: Dispatch
  /// What becomes of ticks while nothing can be kept; none is taken unless set.
  public let onFailure: FailurePolicy
  /// Whether the engine goes on where the file ends; a file that holds anything is refused unless set.
  public let resumes: Bool
  /// After how many inputs the state is kept, from which an engine goes on; none is where it is 0, or
  /// a feature does not say what its state is.
  ///
  /// A snapshot takes the engine's thread about a millisecond for every hundred symbols.
  public let snapshotEvery: Int
  /// How long the store keeps what it holds, in time of the market; it takes snapshots to delete
  /// anything.
  public let retention: StoreRetention
  /// The program that the store's manifest names.
  public let program: String

  /// Joins the settings.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - options: How it is kept; nil keeps at level ``LoomJournal/Durability/os`` within 5 ms.
  ///   - dispatch: When ticks go on.
  ///   - onFailure: What becomes of ticks while nothing can be kept.
  ///   - resumes: Whether the engine goes on where the file ends.
  ///   - snapshotEvery: After how many inputs the state is kept: 0, or 10,000 and more.
  ///   - retention: How long the store keeps what it holds.
  ///   - program: The program that the store's manifest names.
  /// - Throws: ``LoomNormalization/ConfigurationError``.
  public init(
    path: String, options: JournalOptions? = nil, dispatch: Dispatch = .relaxed,
    onFailure: FailurePolicy = .halt, resumes: Bool = false, snapshotEvery: Int = 10_000_000,
    retention: StoreRetention = .everything, program: String = "Tickloom \(Version.text)"
  ) throws {
    guard snapshotEvery == 0 || snapshotEvery >= 10_000 else {
      throw ConfigurationError(
        field: "journal.snapshotEvery", value: "\(snapshotEvery)", allowed: "0, or 10000 and more")
    }
    guard retention.keepsEverything || snapshotEvery > 0 else {
      throw ConfigurationError(
        field: "journal.retention", value: "\(retention)",
        allowed: "nothing without snapshots: what is left is taken up from one")
    }
    self.path = path
    self.options = try options ?? JournalOptions()
    self.dispatch = dispatch
    self.onFailure = onFailure
    self.resumes = resumes
    self.snapshotEvery = snapshotEvery
    self.retention = retention
    self.program = program
  }
}
