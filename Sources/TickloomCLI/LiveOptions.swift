internal import LoomSystem

/// The options of `tickloom live`: those of `run` that mean something to a stream, and its clock.
enum LiveOptions {
  /// Options of `run` that need all rows, or several inputs, and why there is no use for them.
  static let refused = [
    "sort": "lines are taken as they come; --lateness lets bars wait for late ones",
    "skip-unreadable": "there is one input",
  ]

  static let clock = ArgumentOption(
    "clock", "CLOCK",
    help: """
      data: the lines alone move the market clock, as in run; wall: so does the time of day, bars of \
      a quiet market close, and lines more than 5s ahead of it are rejected (data).
      """)

  static let all =
    RunOptions.input.filter { refused[$0.name] == nil } + [clock] + RunOptions.numbers
    + RunOptions.output + storage

  /// A stream is not given again.
  private static let storage =
    [
      ArgumentOption(
        "resume",
        help: """
          With --store: go on in FILE behind the last line that it keeps, with the same options as \
          before. Where there is no FILE the run begins.
          """)
    ] + RunOptions.storage.filter { $0.name != "resume" }

  /// What is parsed: those that are refused, too, so that the reason can be told.
  static let accepted = RunOptions.all + [clock]

  static let help = HelpText(
    introduction: """
      Usage: tickloom live -|unix:PATH [options]

      Reads lines of ticks or bars as they come, of standard input (-) or of a Unix-domain socket, \
      and shows the market in a table on standard error where that is a terminal. Where nothing \
      listens at PATH the socket is made there and waits for one producer. A PATH that begins with / \
      is absolute, however many follow: unix:///run/x and unix://run/x are /run/x.

      The end of the input, or Ctrl-C, closes the bars, writes what was asked for and prints the \
      summary: what run makes of the same lines. Where most of them were rejected it warns, and \
      writes all the same. A second Ctrl-C stops at once and leaves nothing.

      Exit status: 0 good, 1 failed, 2 wrong usage, 3 inputs were rejected and --strict was given, \
      130 interrupted before the end was written, or before the first row.
      """, options: all)
}
