@preconcurrency @unsafe internal import CGetopt
internal import Glibc
internal import Synchronization

/// One pass of `getopt_long` over a command line.
struct OptionScanner {
  let options: [ArgumentOption]

  /// What stands on a command line.
  enum Found {
    case input(String)
    case option(String, value: String?)
  }

  /// `getopt_long` keeps its place in global variables, so only one pass runs at a time.
  private static let lock = Mutex(())

  func scan(_ arguments: [String]) throws(UsageError) -> [Found] {
    let result = Self.lock.withLock { _ in scanLocked(arguments) }
    return try result.get()
  }

  private func scanLocked(_ arguments: [String]) -> Result<[Found], UsageError> {
    let words = CStrings(["tickloom"] + arguments)
    let names = CStrings(options.map(\.name))
    var table = unsafe longOptions(names)
    // Start over, and leave the wording of errors to us.
    optind = 0
    opterr = 0
    var found: [Found] = []
    while true {
      let place = max(1, Int(optind))
      // "-": inputs come in their place, whatever POSIXLY_CORRECT says; ":": a missing value is
      // told apart from an unknown option.
      let code = unsafe getopt_long(Int32(words.count), words.pointers, "-:h", &table, nil)
      switch code {
      case -1:
        let rest = arguments.dropFirst(Int(optind) - 1)
        return .success(found + rest.map { .input($0) })
      case 1: found.append(.input(arguments[place - 1]))
      case Int32(UInt8(ascii: "h")): found.append(.option("help", value: nil))
      case Self.firstCode...:
        let value = unsafe optarg.map { unsafe String(cString: $0) }
        found.append(.option(options[Int(code - Self.firstCode)].name, value: value))
      default: return .failure(error(code, option: optopt, in: arguments[place - 1]))
      }
    }
  }

  /// What `getopt_long` answers for the first option; above every character.
  private static let firstCode: Int32 = 1000

  private func longOptions(_ names: borrowing CStrings) -> [option] {
    var table: [option] = unsafe []
    for (index, one) in options.enumerated() {
      unsafe table.append(
        option(
          name: names.pointers[index], has_arg: one.placeholder == nil ? 0 : 1, flag: nil,
          val: Self.firstCode + Int32(index)))
    }
    return unsafe table + [option(name: nil, has_arg: 0, flag: nil, val: 0)]
  }

  /// What an answer of `:` or `?` is about; `option` is the code of the option where it is known.
  private func error(_ answer: Int32, option: Int32, in word: String) -> UsageError {
    if option >= Self.firstCode {
      let known = options[Int(option - Self.firstCode)]
      guard let placeholder = known.placeholder else { return .unexpectedValue(known.name) }
      return .missingValue(known.name, placeholder: placeholder)
    }
    let written = String(word.prefix { $0 != "=" })
    let name = String(written.drop { $0 == "-" })
    let candidates = options.map(\.name).filter { $0.hasPrefix(name) }
    if written.hasPrefix("--") && candidates.count > 1 {
      return .ambiguous(written, candidates: candidates)
    }
    let similar = Spelling.nearest(to: name, among: options.map(\.name))
    return .unknownOption(written, similar: similar)
  }
}
