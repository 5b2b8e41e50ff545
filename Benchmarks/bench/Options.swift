import Glibc
import LoomSystem

/// What the command line asks for.
struct Options {
  enum Action {
    case help
    case list
    case measure
    /// Runs what the filter names so many times and prints the nanoseconds it took.
    case count(iterations: Int)
    /// Prints what perf/gate compares, a line for each name.
    case gate(Kind)
  }

  enum Kind: String {
    /// Names, iterations to count in, and whether they are hot.
    case counts
    /// Names and ratios of what has one thread and a yardstick.
    case ratios
    /// Names, units and values of memory, start-up and size.
    case budgets
  }

  var action = Action.measure
  /// The names to take, by the shell's kind of pattern.
  var filter = "*"
  var jsonPath: String?
  var comparisonPath: String?
  /// How long each workload is measured.
  var seconds = 0.4

  static let options = [
    ArgumentOption("list", help: "Show the names of the workloads and do nothing else."),
    ArgumentOption(
      "filter", "GLOB", help: "Only names that fit: 'ring.*', '*.100'. Without it, all."),
    ArgumentOption(
      "seconds", "S", help: "Measure each workload for about this long (0.4), in nine parts."),
    ArgumentOption("json", "FILE", help: "Write the results to FILE as well."),
    ArgumentOption(
      "compare", "FILE", help: "Show what changed against the results that --json wrote earlier."),
    ArgumentOption(
      "gate", "KIND", help: "Print what perf/gate compares: counts, ratios or budgets."),
    ArgumentOption(
      "count", "N",
      help: "Run what --filter names N times and print the nanoseconds: for valgrind and perf."),
    ArgumentOption("help", help: "Show this text."),
  ]

  static let introduction = """
    usage: bench [--filter GLOB] [--seconds S] [--json FILE] [--compare FILE]

    Times every workload of Tickloom in turns with its yardstick: a copy of the
    same bytes, a chain of loads, SQLite, OpenBLAS, boost's ring. ns is the median
    of nine repetitions (the best for two threads, each kept on a processor),
    spread the distance of their quartiles as a part of it. ratio is ours divided
    by the yardstick's in time: below 1 is faster than the yardstick.
    """

  init(_ words: [String]) throws {
    let arguments = try Arguments(words, options: Self.options)
    if let word = arguments.inputs.first { throw OptionError("'\(word)' is no option") }
    filter = arguments.value(of: "filter") ?? filter
    jsonPath = arguments.value(of: "json")
    comparisonPath = arguments.value(of: "compare")
    if let text = arguments.value(of: "seconds") {
      guard let value = Double(text), value > 0, value <= 60 else {
        throw OptionError("--seconds takes a number above 0, at most 60, not '\(text)'")
      }
      seconds = value
    }
    if arguments.has("list") { action = .list }
    if let text = arguments.value(of: "gate") {
      guard let kind = Kind(rawValue: text) else {
        throw OptionError("--gate takes counts, ratios or budgets, not '\(text)'")
      }
      action = .gate(kind)
    }
    if let text = arguments.value(of: "count") {
      guard let count = Int(text), count > 0 else {
        throw OptionError("--count takes a whole number above 0, not '\(text)'")
      }
      action = .count(iterations: count)
    }
    if arguments.has("help") { action = .help }
  }
}

/// A command line that makes no sense.
struct OptionError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Whether a name fits the shell's kind of pattern.
func matches(_ name: String, _ pattern: String) -> Bool { unsafe fnmatch(pattern, name, 0) == 0 }
