import COpenBLAS
import CYardsticks
import Glibc

/// What the times were taken on.
struct Machine: Codable, Hashable {
  /// The model, and its family, model and stepping, since a model's name may stand for many.
  var processor: String
  /// Processors that the process may use.
  var cores: Int
  var memoryBytes: Int
  var system: String
  var blas: String
  /// One-minute load average before the first measurement.
  var load: Double
  /// Seconds since 1970.
  var time: Int

  enum CodingKeys: String, CodingKey {
    case processor, cores, memoryBytes = "memory_bytes", system, blas, load, time
  }

  /// The machine this runs on, now.
  static func current() -> Machine {
    var loads = [0.0]
    unsafe getloadavg(&loads, 1)
    return Machine(
      processor: processorName, cores: Int(yardstick_processors()),
      memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
      system: systemName, blas: blasName, load: loads[0], time: Glibc.time(nil))
  }

  private static var processorName: String {
    let lines = readText("/proc/cpuinfo").split(separator: "\n")
    func value(_ key: String) -> String? {
      for line in lines {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, trimmed(parts[0]) == key else { continue }
        return trimmed(parts[1])
      }
      return nil
    }
    guard let name = value("model name") else { return "unknown" }
    let numbers = ["cpu family", "model", "stepping"].map { value($0) ?? "?" }
    return "\(name) (\(numbers.joined(separator: "-")))"
  }

  private static var systemName: String {
    var name = utsname()
    unsafe uname(&name)
    func string<Characters>(_ characters: Characters) -> String {
      unsafe withUnsafeBytes(of: characters) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    return "\(string(name.sysname)) \(string(name.release)) \(string(name.machine))"
  }

  /// The version and the kernels that OpenBLAS chose for this processor.
  private static var blasName: String {
    guard let text = unsafe openblas_get_config() else { return "unknown" }
    return unsafe String(cString: text)
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
