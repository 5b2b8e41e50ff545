internal import LoomSystem

/// The options of `tickloom replay`: those of `run` that decide no number.
enum ReplayOptions {
  private static let names = ["missing-rows", "shards"]

  static let all = RunOptions.numbers.filter { names.contains($0.name) } + RunOptions.output

  static let help = HelpText(
    introduction: """
      Usage: tickloom replay STORE [options]

      Takes the inputs that a run has kept in STORE (run --store, live --store) once more, with the \
      settings of that run, and puts out what it put out: the same bars, features and versions, \
      byte for byte. Rejected inputs are rejected again; of their rows the text is not known any \
      more, nor are rows that were no ticks.

      Exit status: 0 good, 1 failed, 2 wrong usage, 3 inputs were rejected and --strict was given, \
      130 interrupted.
      """, options: all)
}
