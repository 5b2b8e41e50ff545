import CLoomCore
import Testing

struct CorrelationTests {
  static func options(_ change: (inout loom_correlation_options) -> Void = { _ in })
    -> loom_correlation_options
  {
    var options = loom_correlation_options()
    options.window = 8
    options.minimum_periods = 2
    options.capacity = 4
    change(&options)
    return options
  }

  static func create(_ options: loom_correlation_options) -> (CoreStatus, OpaquePointer?) {
    loom_blas_use_one_thread()
    var options = options
    var handle: OpaquePointer?
    let status = loom_correlation_create(&options, &handle)
    return (status, handle)
  }

  static let refused: [@Sendable (inout loom_correlation_options) -> Void] = [
    { $0.window = 1 }, { $0.window = 1 << 20 + 1 }, { $0.minimum_periods = 0 },
    { $0.minimum_periods = 1 << 20 + 1 }, { $0.capacity = 0 }, { $0.capacity = 1 << 14 + 1 },
    { $0.processor = 3 }, { $0.window = 0 },
    {
      $0.window = 0
      $0.decay = 1
    },
    {
      $0.window = 0
      $0.decay = .nan
    },
  ]

  @Test(arguments: refused.indices)
  func `options out of range are refused`(index: Int) {
    let (status, handle) = Self.create(Self.options(Self.refused[index]))
    #expect(status == .badArgument)
    #expect(handle == nil)
  }

  @Test func `a row beyond the capacity changes nothing`() {
    let (_, handle) = Self.create(Self.options())
    guard let handle else { return }
    defer { loom_correlation_destroy(handle) }
    let row = [Double](repeating: 1, count: 5)
    #expect(loom_correlation_update(handle, row, 5, nil) == 0)
    #expect(loom_correlation_backfill(handle, row, 5, 1) == 0)
    #expect(loom_correlation_rows(handle) == 0)
    #expect(loom_correlation_update(handle, row, 4, nil) == 4)
    #expect(loom_correlation_grow(handle, 3) == .badArgument)
    #expect(loom_correlation_grow(handle, 1 << 14 + 1) == .badArgument)
    #expect(loom_correlation_grow(handle, 5) == .ok)
    #expect(loom_correlation_update(handle, row, 5, nil) == 5)
    #expect(loom_correlation_rows(handle) == 2)
  }

  @Test func `destroying nothing is fine`() {
    loom_correlation_destroy(nil)
  }

  /// Rows of small integers over 2^13, some absent.
  static func rows(_ count: Int, symbols: Int, missing: UInt64) -> [[Double]] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      (0..<symbols).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if state >> 57 < missing { return .nan }
        return Double(Int64(bitPattern: state) >> 44) * 0x1p-33
      }
    }
  }

  static func matrices(
    _ options: loom_correlation_options, _ rows: [[Double]], symbols: Int
  ) -> [[UInt64]] {
    guard let handle = create(options).1 else { return [] }
    defer { loom_correlation_destroy(handle) }
    var packed = [Double](repeating: 0, count: symbols * (symbols + 1) / 2)
    return rows.map { row in
      loom_correlation_update(handle, row, UInt32(symbols), &packed)
      return packed.map(\.bitPattern)
    }
  }

  @Test(arguments: [(8, 0.0), (0, 0.97)] as [(UInt32, Double)], [0, 7, 60] as [UInt64])
  func `every processor computes the same bits`(kind: (UInt32, Double), missing: UInt64) {
    let symbols = 37
    let rows = Self.rows(30, symbols: symbols, missing: missing)
    let all = (0..<3 as Range<UInt32>).map { processor in
      let options = Self.options {
        ($0.window, $0.decay, $0.processor) = (kind.0, kind.1, processor)
        $0.capacity = UInt32(symbols)
      }
      return Self.matrices(options, rows, symbols: symbols)
    }
    #expect(all[0].count == rows.count)
    #expect(all[0] == all[1])
    #expect(all[0] == all[2])
  }

  // Large enough that the matrix bypasses the caches.
  @Test func `streamed matrices have the same bits`() {
    let symbols = 1501
    let rows = Self.rows(3, symbols: symbols, missing: 0)
    let all = (0..<3 as Range<UInt32>).map { processor in
      let options = Self.options {
        ($0.window, $0.processor, $0.capacity) = (2, processor, UInt32(symbols))
      }
      return Self.matrices(options, rows, symbols: symbols)
    }
    #expect(all[0].count == rows.count)
    #expect(all[0] == all[1])
    #expect(all[0] == all[2])
    // Two rows: every correlation is 1 or -1.
    #expect(all[0][2].allSatisfy { abs(abs(Double(bitPattern: $0)) - 1) < 1e-12 })
  }
}
