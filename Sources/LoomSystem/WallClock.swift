internal import Glibc

/// The time of day, which may be put forward or back at any moment.
public enum WallClock {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public static var nanoseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
