internal import CLoomJournal
public import LoomSystem

/// Salvages what is left of a damaged store.
public enum StoreRecovery {
  /// What came of it.
  public struct Report: Sendable {
    /// What is wrong with the damaged store; its rows were copied as they are.
    public internal(set) var findings: [StoreFinding] = []
    /// How many blocks of inputs were found, and how many of them by their bytes alone.
    public internal(set) var blocks = (found: 0, byBytes: 0)
    /// How many inputs they hold.
    public internal(set) var inputs = 0
    /// What is missing between and behind them.
    public internal(set) var gaps: [StoreGap] = []
    /// How many rows of the other tables were copied, by table.
    public internal(set) var rows: [(table: String, count: Int)] = []

    /// Whether nothing was lost or changed.
    public var isWhole: Bool { findings.isEmpty && gaps.isEmpty }
  }

  /// Makes a new store at `target` of all that can still be read of the one at `path`.
  ///
  /// Blocks that SQLite does not find are looked for in the bytes of the file and of its log. They
  /// stay as they are, so that their chain tells where one is missing; what is missing is listed in
  /// the table `gaps`.
  ///
  /// - Parameters:
  ///   - path: The damaged store, which is not touched.
  ///   - target: The new one, which must not exist; nothing is left of it where this fails.
  ///   - cancellation: Ends it with ``JournalError/cancelled``.
  ///   - onProgress: Is called now and then with how much of all is done, 0 … 1, and the inputs.
  /// - Returns: What was found.
  /// - Throws: ``JournalError`` where there is nothing to salvage, or the new one cannot be written.
  public static func recover(
    path: String, to target: String, cancellation: Cancellation? = nil,
    onProgress: (_ fraction: Double, _ inputs: Int) -> Void = { _, _ in }
  ) throws(JournalError) -> Report {
    if StoreFile.isMissing(path) { throw .missing(path: path) }
    if FileSystem.kind(of: path) != .file { throw .unreadable(path: path, reason: "it is no file") }
    let partial = try PartialStore(path: target)
    var report = Report()
    var salvage = try Salvage(path: path)
    let rebuilt = partial.temporaryPath + ".rebuilt"
    defer { StoreFile.remove(rebuilt) }
    var isRebuilt = false
    if !salvage.hasTables {
      isRebuilt = try RebuiltStore.make(of: path, salvage.pages, at: rebuilt)
    }
    if isRebuilt {
      let reason = "its first page, which tells where the tables are, is lost; they were found"
      report.findings.append(StoreFinding(place: .file, reason: reason))
      salvage = try Salvage(path: rebuilt)
    }
    try salvage.collect(cancellation, &report, onProgress)
    try salvage.write(to: partial.temporaryPath, cancellation, &report, onProgress)
    let copy = try StoreVerifier.verify(path: partial.temporaryPath, cancellation: cancellation)
    report.findings += copy.findings
    try partial.finish()
    return report
  }
}
