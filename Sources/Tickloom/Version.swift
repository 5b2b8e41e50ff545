/// The version of this library.
public enum Version {
  /// As `major.minor.patch`, see semver.org.
  public static let text = "0.1.0"
}
