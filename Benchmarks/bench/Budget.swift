import Glibc
import LoomSystem

/// Something that has a ceiling and is no time of a workload: memory, start-up, size.
struct Budget: Codable, Hashable {
  /// `subject.action.size`, as of workloads.
  var name: String
  var unit: String
  var value: Double

  /// Measures what fits `filter`; the program `tickloom` is looked for beside this one.
  ///
  /// - Returns: What was measured, and why the rest was not.
  static func measure(_ filter: String) throws -> (budgets: [Budget], missing: String?) {
    var budgets: [Budget] = []
    func add(_ name: String, _ unit: String, _ value: () throws -> Double) rethrows {
      if matches(name, filter) {
        budgets.append(Budget(name: name, unit: unit, value: try value()))
      }
    }
    for symbols in [10, 100, 1000, 5000] {
      try add("memory.pipeline.\(symbols)", "MB") {
        try megabytes(["--filter", "pipeline.symbols.\(symbols)", "--count", "2"])
      }
    }
    let program = folder + "/tickloom"
    guard unsafe access(program, X_OK) == 0 else {
      return (budgets, "swift build -c release --product tickloom, for the budgets of the program")
    }
    for symbols in [10, 100, 1000, 5000] {
      try add("memory.run.\(symbols)", "MB") {
        try megabytes(["run", "sim:\(symbols),\(40 * symbols),1"], path: program)
      }
    }
    try add("start.help", "ms") { try milliseconds(["--help"], program) }
    let file = try TextFiles(.quotes, rows: 1000)
    try add("start.run.1000", "ms") { try milliseconds(["run"] + file.paths, program) }
    add("size.executable", "MB") { bytes(program) / 1e6 }
    // Last, as this process grows.
    for ticks in Self.storedTicks {
      try add("size.store.\(ticks)", "MB") {
        let folder = try TemporaryFolder()
        return bytes(try journalFile(of: ticks, in: folder)) / 1e6
      }
    }
    return (budgets, nil)
  }

  /// Inputs of a store whose size is looked at.
  private static let storedTicks = [200_000, 1_000_000, 3_000_000, 10_000_000]

  private static func megabytes(_ arguments: [String], path: String? = nil) throws -> Double {
    let end = try Child(arguments, path: path).wait()
    if end.status != 0 { throw WorkloadError("\(arguments): \(end.status), \(end.output)") }
    return Double(end.peakBytes) / 1e6
  }

  /// The best of nine starts.
  private static func milliseconds(_ arguments: [String], _ program: String) throws -> Double {
    let times = try (0..<9).map { _ in
      let start = MonotonicClock.nanoseconds
      let end = try Child(arguments, path: program).wait()
      if end.status != 0 { throw WorkloadError("\(arguments): \(end.status), \(end.output)") }
      return Double(MonotonicClock.nanoseconds - start) / 1e6
    }
    return times.min() ?? .nan
  }

  private static func bytes(_ path: String) -> Double {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Double(status.st_size) : .nan
  }

  /// Where this program is.
  private static var folder: String {
    var room = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = unsafe readlink("/proc/self/exe", &room, room.count - 1)
    let bytes = room.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    let path = String(decoding: bytes, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
