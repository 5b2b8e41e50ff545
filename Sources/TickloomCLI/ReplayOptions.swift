internal import LoomSystem

/// The options of `tickloom replay`: those of `run` that decide no number.
enum ReplayOptions {
  private static let names = ["symbols", "from", "to", "missing-rows", "shards"]

  static let speed = ArgumentOption(
    "speed", "SPEED",
    help: """
      max; 1x, 10x or any number of times as fast as the times of the inputs lie apart, with a table \
      of the market as live shows it; step: whenever bars close or a version comes out they are \
      shown, and Enter goes on (max).
      """)

  static let all =
    (RunOptions.input + [speed] + RunOptions.numbers).filter {
      names.contains($0.name) || $0.name == speed.name
    } + RunOptions.output

  static let help = HelpText(
    introduction: """
      Usage: tickloom replay STORE [options]

      Takes the inputs that a run has kept in STORE (run --store, live --store) once more, with the \
      settings of that run, and puts out what it put out: the same bars, features and versions, \
      byte for byte. Rejected inputs are rejected again; of their rows the text is not known any \
      more, nor are rows that were no ticks.

      With --symbols, --from or --to the rest is no input, as if run had been given them; the inputs \
      keep their sequences. At any --speed the same comes out.

      Exit status: 0 good, 1 failed, 2 wrong usage, 3 inputs were rejected and --strict was given, \
      130 interrupted.
      """, options: all)
}
