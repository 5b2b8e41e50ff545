internal import Glibc

/// How much of the machine's memory the process holds.
public enum ResidentMemory {
  /// The most it has held so far, in bytes.
  public static var peakBytes: Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
