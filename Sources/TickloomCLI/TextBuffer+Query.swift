internal import LoomSystem
internal import Tickloom

extension TextBuffer {
  /// Appends a value as a field of CSV: nothing for NULL, the digits of bytes.
  mutating func append(csv value: QueryValue) {
    switch value {
    case .null: break
    case .integer(let number): append(number)
    case .real(let number): append(number)
    case .text(let text): append(field: text)
    case .blob(let bytes): append(hexadecimal: bytes)
    }
  }

  /// Appends a value of JSON; null for an infinite number, which JSON lacks.
  mutating func append(json value: QueryValue) {
    switch value {
    case .null: append("null")
    case .integer(let number): append(number)
    case .real(let number): number.isFinite ? append(number) : append("null")
    case .text(let text): append(jsonString: text)
    case .blob(let bytes):
      append(byte: UInt8(ascii: "\""))
      append(hexadecimal: bytes)
      append(byte: UInt8(ascii: "\""))
    }
  }

  private mutating func append(hexadecimal bytes: [UInt8]) {
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] {
        append(byte: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
      }
    }
  }
}

extension QueryValue {
  /// The value as a cell of a table.
  func cell(_ style: SummaryStyle) -> String {
    switch self {
    case .null: return ""
    case .text(let text): return SummaryText.harmless(text)
    case .blob(let bytes): return "\(bytes.count) bytes"
    case .integer, .real:
      var buffer = TextBuffer(capacity: 32)
      buffer.append(csv: self)
      return buffer.withBytes { bytes in
        String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
      }
    }
  }

  var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob: false
    }
  }
}
