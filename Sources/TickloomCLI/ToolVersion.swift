internal import Tickloom

/// The version of the executable, as `tickloom --version` shows it.
enum ToolVersion {
  static let text = "tickloom \(Version.text)\n"
}
