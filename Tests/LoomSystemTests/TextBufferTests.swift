import Foundation
import LoomSystem
import Testing

struct TextBufferTests {
  private func text(_ format: (inout TextBuffer) -> Void) -> String {
    var buffer = TextBuffer(capacity: 1)
    format(&buffer)
    return buffer.string
  }

  static let shortestForms: [(value: Double, text: String)] = [
    (0.0, "0"), (-0.0, "-0"), (1.0, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1.3868, "1.3868"),
    (0.000_1, "1e-04"), (0.000_12, "0.00012"), (0.001, "0.001"), (100_000, "1e+05"),
    (120_000, "120000"), (1_200_000, "1200000"), (123_456.789, "123456.789"),
    (999_999_999.999_999, "999999999.999999"), (1e11, "1e+11"), (1e22, "1e+22"),
    (0.300_000_000_000_000_04, "0.30000000000000004"),
    (0.333_333_333_333_333_3, "0.3333333333333333"),
    (1_000_000_000_000_000.5, "1000000000000000.5"),
    (6.666_666_666_666_667e-6, "6.666666666666667e-06"),
    (0x1p-30, "9.313225746154785e-10"), (0x1p-120, "7.52316384526264e-37"),
    (-0x1p53, "-9007199254740992"), (0x1p60, "1152921504606846976"),
    (.leastNonzeroMagnitude, "5e-324"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
    (.infinity, "inf"), (.nan, ""),
  ]

  @Test(arguments: shortestForms)
  func `formats a number in its shortest form`(value: Double, expected: String) {
    #expect(text { $0.append(value) } == expected)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `every number reads back and none is longer than needed`(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<4000 {
      let decimals = Double(random.next() % 10)
      let candidates: [Double] = [
        Double(bitPattern: random.next()),
        Double(bitPattern: random.next() % (200 << 52) + 883 << 52),
        Double(sign: .plus, exponent: Int(random.next() % 200) - 140, significand: 1),
        Double(random.next() % 1_000_000_000) / pow(10, decimals),
        Double(random.next() % 4_000_000_000) / 3e6,
        -Double(random.next() % 100) * pow(10, decimals),
      ]
      for value in candidates where value.isFinite {
        let written = text { $0.append(value) }
        #expect(Double(written)?.bitPattern == value.bitPattern, "seed \(seed): \(value)")
        #expect(written.count <= shortest(value), "seed \(seed): \(value) as \(written)")
      }
    }
  }

  /// The shorter of the two notations of the digits that Swift itself finds.
  private func shortest(_ value: Double) -> Int {
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let digits = (mantissa[0] + (mantissa.count > 1 ? mantissa[1] : "")).drop { $0 == "0" }
    let significant = String(digits.reversed().drop { $0 == "0" }).count
    if significant == 0 { return value.sign == .minus ? 2 : 1 }
    let power = value.magnitude == 0 ? 0 : Int(decimalExponent(value.magnitude))
    let fixed =
      power < 0
      ? 1 - power + significant
      : max(power + 1, significant + (significant > power + 1 ? 1 : 0))
    let scientific = significant + (significant > 1 ? 1 : 0) + (abs(power) > 99 ? 5 : 4)
    return min(fixed, scientific) + (value < 0 ? 1 : 0)
  }

  private func decimalExponent(_ value: Double) -> Int {
    let text = String(format: "%.16e", value)
    return Int(text.split(separator: "e")[1]) ?? 0
  }

  @Test(arguments: [Int64.min, -1, 0, 9, 10, 99, 100, 12_345, Int64.max])
  func `formats whole numbers as Swift does`(value: Int64) {
    #expect(text { $0.append(value) } == value.description)
    #expect(text { $0.append(value.magnitude) } == value.magnitude.description)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000000Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (1_399_237_218_080_000_000, "2014-05-04T21:00:18.080000000Z"),
    (951_782_400_000_000_001, "2000-02-29T00:00:00.000000001Z"),
    (-2_208_988_800_000_000_000, "1900-01-01T00:00:00.000000000Z"),
    (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    (Int64.min, "1677-09-21T00:12:43.145224192Z"),
  ])
  func `formats a time with nine digits`(time: Int64, expected: String) {
    #expect(text { $0.append(timeNanoseconds: time) } == expected)
  }

  @Test func `the remembered day does not stick`() {
    let day: Int64 = 86_400_000_000_000
    let written = text { buffer in
      for time in [0, day, day - 1, -day] { buffer.append(timeNanoseconds: time) }
    }
    #expect(
      written == "1970-01-01T00:00:00.000000000Z1970-01-02T00:00:00.000000000Z"
        + "1970-01-01T23:59:59.999999999Z1969-12-31T00:00:00.000000000Z")
  }

  @Test(arguments: [
    ("EURUSD", "EURUSD"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
    ("a\r\nb", "\"a\r\nb\""), ("größe", "größe"),
  ])
  func `quotes a field only where it must`(field: String, expected: String) {
    #expect(text { $0.append(field: field) } == expected)
  }

  @Test func `grows past its capacity and can be used again`() {
    var buffer = TextBuffer(capacity: 1)
    let long = String(repeating: "x", count: 1000)
    buffer.append(long)
    var other = TextBuffer()
    other.append(true)
    buffer.append(other)
    #expect(buffer.string == long + "true")
    buffer.removeAll()
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
    #expect(buffer.string == "")
  }
}

extension TextBuffer {
  /// Its bytes as a string.
  var string: String {
    withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }
}

/// A seeded generator (Steele, Lea, Flood 2014, SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
