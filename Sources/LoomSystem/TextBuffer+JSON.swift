extension TextBuffer {
  /// Appends `text` as a string of JSON (RFC 8259), in quotes.
  public mutating func append(jsonString text: String) {
    append(byte: UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0..<0x20: append("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
      default: append(byte: byte)
      }
    }
    append(byte: UInt8(ascii: "\""))
  }
}
