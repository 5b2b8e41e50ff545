import FoundationEssentials

/// Processor time of the threads of this process, by name.
struct ThreadTimes {
  private var nanoseconds: [String: Double] = [:]

  /// Reads the kernel's counts of the threads that are there.
  init() throws {
    let folder = "/proc/self/task"
    for thread in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let name = readText("\(folder)/\(thread)/comm").prefix { $0 != "\n" }
      let time = readText("\(folder)/\(thread)/schedstat").prefix { $0 != " " }
      nanoseconds[String(name), default: 0] += Double(time) ?? 0
    }
  }

  /// What the threads of a name, of which 15 bytes are known, took since `before`.
  func nanoseconds(of name: String, since before: ThreadTimes) -> Double {
    let name = String(name.prefix(15))
    return nanoseconds[name, default: 0] - before.nanoseconds[name, default: 0]
  }

  /// What all threads took since `before`; those that have ended meanwhile took nothing.
  func total(since before: ThreadTimes) -> Double {
    nanoseconds.reduce(0) { $0 + $1.value - before.nanoseconds[$1.key, default: 0] }
  }
}
