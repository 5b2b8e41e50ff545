public import LoomCore

/// How input is to be read.
public struct ImportConfiguration: Sendable {
  /// The symbol of files without a symbol column; nil takes it from the file's name.
  public let symbol: String?
  /// Which columns play which role; empty leaves it to the header's names.
  public let columns: ColumnMap
  /// The unit of the time column; nil tells it from the first values.
  public let timeUnit: TimeUnit?
  /// The zone of times of day without offset, an IANA name; nil refuses such files.
  public let timeZone: String?
  /// The step of input bars; nil infers it from the rows.
  public let barStep: Timeframe?
  /// Only these symbols are input; empty takes all.
  public let symbols: [String]
  /// Only event times from here on are input; nil sets no bound.
  public let from: Timestamp?
  /// Only event times before this one are input; nil sets no bound.
  public let to: Timestamp?
  /// Whether rows are sorted by time first.
  public let sorts: Bool
  /// Whether files without recognisable columns are left out instead of refused.
  public let skipsUnreadable: Bool
  /// Bytes of rows held in memory while sorting; beyond, temporary files are used.
  public let sortMemoryBytes: Int
  /// Where temporary files go; they have no name and vanish with the process.
  public let temporaryFolder: String
  /// Where the rules of time zones stand.
  public let zoneFolder: String

  /// Creates a configuration; every parameter has the default of the command line.
  public init(
    symbol: String? = nil, columns: ColumnMap = ColumnMap(), timeUnit: TimeUnit? = nil,
    timeZone: String? = nil, barStep: Timeframe? = nil, symbols: [String] = [],
    from: Timestamp? = nil, to: Timestamp? = nil, sorts: Bool = false,
    skipsUnreadable: Bool = false, sortMemoryBytes: Int = 256 << 20,
    temporaryFolder: String = "/tmp", zoneFolder: String = "/usr/share/zoneinfo"
  ) {
    self.symbol = symbol
    self.columns = columns
    self.timeUnit = timeUnit
    self.timeZone = timeZone
    self.barStep = barStep
    self.symbols = symbols
    self.from = from
    self.to = to
    self.sorts = sorts
    self.skipsUnreadable = skipsUnreadable
    self.sortMemoryBytes = sortMemoryBytes
    self.temporaryFolder = temporaryFolder
    self.zoneFolder = zoneFolder
  }
}
