internal import LoomSystem

/// What the first word of the command line asks for.
enum Command: String, CaseIterable {
  case run
  case live
  case replay
  case sim
  case info
  case verify
  case backup
  case recover
  case compact
  case query
  case at
  case why
  case explain

  /// The options that it takes.
  var options: [ArgumentOption] {
    switch self {
    case .run: RunOptions.all
    case .live: LiveOptions.accepted
    case .replay: ReplayOptions.all
    case .sim: SimulateCommand.options
    case .info: InfoCommand.options
    case .verify: VerifyCommand.options
    case .backup: BackupCommand.options
    case .recover: RecoverCommand.options
    case .compact: CompactCommand.options
    case .query: QueryCommand.options
    case .at: AtCommand.options
    case .why: WhyCommand.options
    case .explain: ExplainCommand.options
    }
  }

  /// What `--help` shows.
  var help: HelpText {
    switch self {
    case .run: RunOptions.help
    case .live: LiveOptions.help
    case .replay: ReplayOptions.help
    case .sim: SimulateCommand.help
    case .info: InfoCommand.help
    case .verify: VerifyCommand.help
    case .backup: BackupCommand.help
    case .recover: RecoverCommand.help
    case .compact: CompactCommand.help
    case .query: QueryCommand.help
    case .at: AtCommand.help
    case .why: WhyCommand.help
    case .explain: ExplainCommand.help
    }
  }
}

/// The help of the executable itself.
enum Help {
  static let overview = HelpText(
    introduction: """
      Usage: tickloom COMMAND [options]

      Market ticks in; clean bars, features and versioned correlation matrices out.

      Try it without data of your own: tickloom run sim:8,200000,1

      Exit status: 0 good, 1 failed, 2 wrong usage, 3 inputs were rejected and --strict was given, \
      4 a store is damaged, 130 interrupted.
      """,
    commands: [
      ("run INPUT...", "Read ticks or bars, run the whole pipeline, show and export it all."),
      ("live -|unix:PATH", "The same over lines as they come, with a table of the market."),
      ("replay STORE", "Run once more what a store has kept, byte for byte."),
      ("sim SYMBOLS,TICKS,SEED", "Write a simulated market as CSV."),
      ("info STORE", "Show what a store of --store holds."),
      ("verify STORE", "Look for everything in a store that is not what was written."),
      ("backup STORE FILE", "Copy a store, also while it is being written."),
      ("recover BAD GOOD", "Make a new store of all that is left of a damaged one."),
      ("compact STORE", "Give space that --keep has made free back to the file system."),
      ("query STORE SQL", "Show what a SELECT finds in a store: ticks, bars, features, versions."),
      ("at STORE --version V", "Make any past correlation matrix again, bit for bit."),
      ("why STORE --version V --pair A,B", "Show the rows and bars behind a correlation."),
      ("explain STORE --seq N", "Show what came of one input: bar, features, versions."),
      ("help [COMMAND]", "Show this help, or that of a command."),
    ],
    options: [
      ArgumentOption("help", help: "Show this help; after a command, that of the command."),
      ArgumentOption("version", help: "Show the version."),
    ])
}
