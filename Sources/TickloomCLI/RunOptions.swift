internal import LoomSystem
internal import Tickloom

/// The options of `tickloom run`, in the order in which the help shows them.
enum RunOptions {
  static let input: [ArgumentOption] = [
    ArgumentOption(
      "symbol", "NAME",
      help: """
        The symbol of files without a symbol column; else it is the file's name up to the first _.
        """),
    ArgumentOption(
      "columns", "MAP",
      help: """
        Which columns to read where the header's names are not recognised, or where there is no \
        header: time=ts,bid=Bid or time=0,bid=1; time=date+clock joins two.
        """),
    ArgumentOption(
      "time-unit", "UNIT",
      help: "Unit of the time column: s, ms, us, ns or iso; else told by the first value."),
    ArgumentOption(
      "time-zone", "ZONE",
      help: "Zone of times without an offset, such as America/New_York."),
    ArgumentOption(
      "bars", "STEP",
      help: "Step of bar files, such as 1m; else the smallest distance of their rows."),
    ArgumentOption(
      "symbols", "A,B",
      help: "Take only these symbols."),
    ArgumentOption(
      "from", "T",
      help: "Take only event times from T on, such as 2014-05-05 or 2014-05-05T12:00:00Z."),
    ArgumentOption(
      "to", "T",
      help: "Take only event times before T."),
    ArgumentOption(
      "sort",
      help: "Sort the rows by time first; beyond 256 MB through temporary files."),
    ArgumentOption(
      "skip-unreadable",
      help: "List files that cannot be read, and leave them out."),
  ]

  static let numbers: [ArgumentOption] = [
    ArgumentOption(
      "timeframe", "SPAN",
      help: "Length of a bar: 100ms, 1s, 5s, 1m, 1h, 1d (1s; for bar files their own step)."),
    ArgumentOption(
      "window", "W",
      help: "Rows of the rolling correlation (256)."),
    ArgumentOption(
      "min-periods", "M",
      help: "Joint rows below which a correlation is empty (W/2; 20 for ewma)."),
    ArgumentOption(
      "estimator", "KIND",
      help: "rolling, or ewma:L with the decay L of a row's weight, such as ewma:0.97 "
        + "(rolling)."),
    ArgumentOption(
      "price", "SIDE",
      help: "Price of a tick: mid, bid, ask or last (per symbol: mid where it is quoted, "
        + "else last)."),
    ArgumentOption(
      "lateness", "SPAN",
      help: "How long bars wait for late ticks, such as 2s (0s)."),
    ArgumentOption(
      "corrections", "SPAN",
      help: """
        With --lateness: ticks that are later correct the bars that start up to SPAN before the \
        market's and their symbol's latest time, such as 1m (off); at \
        most 65,536 bars, which is 18h12m16s for those of 1s. Bars and features are written as \
        they are after all corrections, and each correction makes a version.
        """),
    ArgumentOption(
      "idle", "SPAN",
      help:
        "How far the market clock stays behind the second fastest symbol (2s, or two bars if longer)."
    ),
    ArgumentOption(
      "max-gap", "N",
      help: "Longest gap in slots that a bar's return may span (0; 4 from 1d)."),
    ArgumentOption(
      "missing-rows", "N",
      help: "Longest gap in slots shown as rows (60; 0 from 1d)."),
    ArgumentOption(
      "normalized",
      help: "Give the z-scored form of every feature too."),
    ArgumentOption(
      "shards", "N",
      help: "Threads that the symbols are spread over (1); what comes out stays the same."),
  ]

  static let output: [ArgumentOption] = [
    ArgumentOption(
      "export", "DIR",
      help: """
        Write bars.csv, features.csv, correlation.csv, n_eff.csv, covariance.csv, rejects.csv and \
        summary.json into DIR.
        """
    ),
    ArgumentOption(
      "history", "K",
      help: "With --export or --store: keep every K-th matrix."),
    ArgumentOption(
      "report", "FILE",
      help: "Write one self-contained HTML page."),
    ArgumentOption(
      "store", "FILE",
      help: "Keep inputs, bars, features and versions in a SQLite file, see replay."),
    ArgumentOption(
      "strict",
      help: "Exit with 3 if any input was rejected."),
    ArgumentOption(
      "json",
      help: "Print the summary as JSON."),
    ArgumentOption(
      "log-level", "LEVEL",
      help: """
        Which diagnostics to show on standard error: debug, info, warning or error, or levels of \
        components such as warning,run=debug (warning); components are \
        \(Diagnostic.Component.list).
        """),
    ArgumentOption(
      "quiet",
      help: "No progress and no summary."),
    ArgumentOption(
      "help",
      help: "Show this help."),
  ]

  static let storage: [ArgumentOption] = [
    ArgumentOption(
      "resume",
      help: """
        With --store: go on in FILE where it ends, with the same options as before, as if nothing had \
        happened; the inputs are given again from their first row, and compared with what it holds. \
        Where there is no FILE the run begins.
        """),
    ArgumentOption(
      "snapshots", "N",
      help: """
        With --store: after how many inputs the state is kept, from which --resume goes on (5000000); \
        0 keeps none, and all inputs are taken once more.
        """),
    ArgumentOption(
      "keep", "SPANS",
      help: """
        With --store: delete what is older than a span such as 30d, or than one for each kind such as \
        ticks=7d,bars=365d (all is kept); kinds are \
        \(StoreRetention.Kind.allCases.map(\.rawValue).joined(separator: ", ")). Older than the time of \
        the market at a snapshot, so up to --snapshots inputs more are kept.
        """),
  ]

  static let all = input + numbers + output + storage

  static let help = HelpText(
    introduction: """
      Usage: tickloom run INPUT... [options]

      Reads ticks or bars, makes clean bars, features and correlation matrices, and shows what came \
      out.

      INPUT is a file or a folder of files (.csv .tsv .txt, plain, .gz or .zst), - for standard \
      input, or sim:SYMBOLS,TICKS,SEED for a simulated market, such as sim:8,200000,1. Where more \
      than half the rows of one are malformed, repeated, or late and correct no bar, nothing is \
      written and the run has failed.

      Exit status: 0 good, 1 failed, 2 wrong usage, 3 inputs were rejected and --strict was given, \
      130 interrupted.
      """, options: all)
}
