import Glibc

/// Processor time that went to anybody but this process and its children, by the kernel's counts.
struct ForeignLoad {
  private let foreignSeconds: Double
  private let time: Double

  /// Reads the counts.
  init() {
    let text = readText("/proc/stat")
    let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst()
    // user, nice, system, idle, iowait, irq, softirq, steal, in ticks of the kernel's clock.
    let busy = fields.enumerated().filter { ![3, 4].contains($0.offset) && $0.offset < 8 }
      .reduce(0) { $0 + (Double($1.element) ?? 0) }
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    time = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    foreignSeconds =
      busy / Double(sysconf(Int32(_SC_CLK_TCK))) - Self.seconds(of: RUSAGE_SELF)
      - Self.seconds(of: RUSAGE_CHILDREN)
  }

  /// Processors that others took since `before`; 0 where the counts are too coarse to tell.
  func since(_ before: ForeignLoad) -> Double {
    let elapsed = time - before.time
    // A hundredth of a second is one tick of the kernel's clock: a few of them mean nothing.
    let foreign = foreignSeconds - before.foreignSeconds
    return elapsed > 0 && foreign > 0.05 ? foreign / elapsed : 0
  }

  private static func seconds(of who: __rusage_who) -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(who.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
  }
}

/// The text of a small file of the kernel's; empty where it cannot be read.
func readText(_ path: String) -> String {
  guard let file = unsafe fopen(path, "r") else { return "" }
  defer { unsafe fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = unsafe fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
