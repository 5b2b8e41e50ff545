internal import LoomSystem

/// What a person should read while the data goes elsewhere: lines on standard error.
enum Messages {
  /// Shows one line; what it quotes of the input is made harmless for a terminal.
  static func show(_ message: String) {
    var writer = TextWriter(.standardError())
    writer.text.append("tickloom: \(SummaryText.harmless(message))\n")
    // Where even standard error cannot be written, the exit status is all that is left to say.
    try? writer.commit()
  }
}
