/// What the command line asks for.
enum Request: Equatable {
  case help
  case list(filter: String, counted: Bool)
  case count(name: String, iterations: Int)
  case measure(filter: String, jsonPath: String?, repetitions: Int)

  static let usage = """
    usage: bench [--filter GLOB] [--json FILE] [--repetitions N]
           bench --list [--counted] [--filter GLOB]
           bench --count NAME ITERATIONS

    Times the workloads, each in turns with its yardstick, and prints the best of N (9)
    repetitions. --list --counted shows those that perf/gate counts, with the number of
    iterations. --count runs one of them so many times and prints nothing, for a profiler.
    """

  /// Nil where the arguments make no sense.
  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    var filter = "*"
    var jsonPath: String?
    var repetitions = 9
    var lists = false
    var counted = false
    while let option = rest.popFirst() {
      switch option {
      case "--help":
        self = .help
        return
      case "--list": lists = true
      case "--counted": counted = true
      case "--count":
        guard let name = rest.popFirst(), let iterations = rest.popFirst().flatMap({ Int($0) }),
          iterations > 0, rest.isEmpty
        else { return nil }
        self = .count(name: name, iterations: iterations)
        return
      case "--filter":
        guard let value = rest.popFirst() else { return nil }
        filter = value
      case "--json":
        guard let value = rest.popFirst() else { return nil }
        jsonPath = value
      case "--repetitions":
        guard let value = rest.popFirst().flatMap({ Int($0) }), value > 0 else { return nil }
        repetitions = value
      default: return nil
      }
    }
    self =
      lists
      ? .list(filter: filter, counted: counted)
      : .measure(filter: filter, jsonPath: jsonPath, repetitions: repetitions)
  }
}

/// Whether all of `text` fits `pattern`, in which `*` stands for any text and `?` for one character.
func matches(_ text: Substring, _ pattern: Substring) -> Bool {
  guard let first = pattern.first else { return text.isEmpty }
  if first == "*" {
    return matches(text, pattern.dropFirst())
      || (!text.isEmpty && matches(text.dropFirst(), pattern))
  }
  guard let character = text.first, first == "?" || first == character else { return false }
  return matches(text.dropFirst(), pattern.dropFirst())
}
