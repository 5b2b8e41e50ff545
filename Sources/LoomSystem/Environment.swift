internal import Glibc

/// The environment of the process; only executables look at it.
public enum Environment {
  /// The value of a variable; nil where it is not set.
  public static func value(of name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Sets a variable for this process, before any library reads it and any thread starts.
  public static func set(_ name: String, to value: String) {
    _ = unsafe setenv(name, value, 1)
  }

  /// Where temporary files go: `TMPDIR`, or `/tmp`.
  public static var temporaryFolder: String {
    guard let folder = value(of: "TMPDIR"), !folder.isEmpty else { return "/tmp" }
    return folder
  }

  /// How many processors the process may run on.
  public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
