/// The version of the executable, as `tickloom --version` shows it.
enum ToolVersion {
  static let text = "tickloom 0.1.0\n"
}
