internal import Glibc

/// Time that only goes forward, for durations; it has no relation to the calendar.
public enum MonotonicClock {
  /// Nanoseconds since some moment before the process began.
  public static var nanoseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
