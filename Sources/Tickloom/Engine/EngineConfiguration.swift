public import LoomCore
public import LoomNormalization
internal import LoomSystem

/// Everything an ``Engine`` is set up with; checked when made, then trusted.
public struct EngineConfiguration: Sendable {
  /// What decides the numbers; its ticks may not lie further ahead than ``maximumAhead``.
  public let pipeline: PipelineConfiguration
  /// Most ticks that wait for one symbol: a power of two, 2 … 1,048,576; 256 unless set.
  public let ringCapacity: Int
  /// Most ticks taken from one symbol in a cycle: 1 … 65,536; 64 unless set.
  public let drainLimit: Int
  /// How many versions, and how many tables of bars, readers may hold at one time: 1 … 4,000; 8
  /// unless set.
  public let holders: Int
  /// How many bars and feature rows of each symbol can be read while newer ones appear: 0 …
  /// 65,536; 1 unless set, and none of them is published where it is 0.
  public let depth: Int
  /// Most slots of one symbol that wait while all others are silent: 1 … 1,048,576; 4,096 unless
  /// set, more than an hour of bars of a second.
  ///
  /// With one more, the market clock moves to the end of the oldest, whose row comes out. What waits
  /// is counted in ``EngineMemory/bars`` and ``EngineMemory/tables``; runs over files, which have no
  /// such limit, hold 1,048,576.
  public var heldSlots: Int { pipeline.heldSlots }
  /// Most memory that all symbols together may need, in bytes; half the machine's unless set.
  ///
  /// What is needed is ``EngineMemory/total``.
  public let memoryLimitBytes: Int
  /// Who is told of what goes wrong; nobody unless set.
  public let diagnostics: DiagnosticConfiguration
  /// Where the inputs are kept; nowhere unless set.
  public let journal: EngineJournalConfiguration?

  /// How far an event time may lie after its receive time; nil where that is not checked.
  public var maximumAhead: Nanoseconds? { pipeline.normalization.maximumAhead }

  /// Every setting that decides a number, as the store of a journal keeps them.
  var text: String {
    heldSlots == 1 << 20 ? pipeline.text : pipeline.text + ";held-slots=\(heldSlots)"
  }

  /// Checks and joins the settings.
  ///
  /// - Parameters:
  ///   - pipeline: What decides the numbers.
  ///   - ringCapacity: Most ticks that wait for one symbol.
  ///   - drainLimit: Most ticks taken from one symbol in a cycle.
  ///   - holders: How many versions, and how many tables, readers may hold at one time.
  ///   - depth: How many bars and feature rows of each symbol can be read.
  ///   - heldSlots: Most slots of one symbol that wait while all others are silent.
  ///   - maximumAhead: Takes the place of the pipeline's; 0 s … 366 d, nil for no check.
  ///   - memoryLimitBytes: Most memory for all symbols; 1 MiB or more, nil for half the machine's.
  ///   - diagnostics: Who is told of what goes wrong.
  ///   - journal: Where the inputs are kept.
  /// - Throws: ``LoomNormalization/ConfigurationError`` with the field, its value and the range.
  public init(
    pipeline: PipelineConfiguration, ringCapacity: Int = 256, drainLimit: Int = 64,
    holders: Int = 8, depth: Int = 1, heldSlots: Int = 4096,
    maximumAhead: Nanoseconds? = .seconds(5), memoryLimitBytes: Int? = nil,
    diagnostics: DiagnosticConfiguration = .none, journal: EngineJournalConfiguration? = nil
  ) throws(ConfigurationError) {
    let isPower = ringCapacity > 0 && ringCapacity & (ringCapacity - 1) == 0
    guard isPower, (2...1 << 20).contains(ringCapacity) else {
      throw ConfigurationError(
        field: "ringCapacity", value: "\(ringCapacity)", allowed: "a power of two, 2 … 1048576")
    }
    guard (1...65_536).contains(drainLimit) else {
      throw ConfigurationError(field: "drainLimit", value: "\(drainLimit)", allowed: "1 … 65536")
    }
    guard (1...4000).contains(holders) else {
      throw ConfigurationError(field: "holders", value: "\(holders)", allowed: "1 … 4000")
    }
    guard (0...65_536).contains(depth) else {
      throw ConfigurationError(field: "depth", value: "\(depth)", allowed: "0 … 65536")
    }
    guard (1...1 << 20).contains(heldSlots) else {
      throw ConfigurationError(field: "heldSlots", value: "\(heldSlots)", allowed: "1 … 1048576")
    }
    // What a visit to a symbol gives must have room.
    if let journal, journal.options.capacity < 4 * drainLimit {
      throw ConfigurationError(
        field: "journal.options.capacity", value: "\(journal.options.capacity)",
        allowed: "four times the drainLimit of \(drainLimit) and more")
    }
    if let memoryLimitBytes, memoryLimitBytes < 1 << 20 {
      throw ConfigurationError(
        field: "memoryLimitBytes", value: "\(memoryLimitBytes)", allowed: "1048576 or more")
    }
    var limited = try pipeline.with(maximumAhead: maximumAhead)
    limited.heldSlots = heldSlots
    self.pipeline = limited
    self.ringCapacity = ringCapacity
    self.drainLimit = drainLimit
    self.holders = holders
    self.depth = depth
    self.diagnostics = diagnostics
    self.journal = journal
    self.memoryLimitBytes = memoryLimitBytes ?? MachineMemory.bytes / 2
  }
}
