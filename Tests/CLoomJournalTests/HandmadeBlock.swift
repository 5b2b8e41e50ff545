import CLoomJournal

/// A block of four ticks written by hand, part by part, after the description of the layout.
struct HandmadeBlock {
  struct Series {
    var order: UInt8 = 0
    var unit: UInt8 = 0
    var width: UInt8 = 0
    var zeros: [UInt8] = [0, 0, 0, 0, 0]
    var base: UInt64 = 0
    var planes: [UInt8] = []

    var bytes: [UInt8] { [order, unit, width] + zeros + little(base) + planes }
  }

  struct Real {
    var head: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
    var bitmap: [UInt8] = []
    var places: [UInt16] = []
    var exceptions: [UInt64] = []
    var series = Series(base: Double.nan.bitPattern)

    var bytes: [UInt8] {
      head + bitmap + places.flatMap(little) + exceptions.flatMap(little) + series.bytes
    }
  }

  var runs: UInt16 = 2
  var symbols = Series(width: 1, base: 3, planes: [0, 6])
  var lengths = Series(width: 1, base: 1, planes: [0, 2])
  var sequence = Series(order: 1, width: 1, base: 10, planes: [0, 2, 2, 2])
  var time = Series(unit: 3, width: 1, base: 5000, planes: [0, 1, 2, 3])
  var lag = Series(base: 7)
  var bid = Real(
    head: [1, 1, 2, 0, 1, 0, 0, 0], bitmap: [0b1011], places: [1],
    exceptions: [(-0.0).bitPattern], series: Series(width: 1, base: 150, planes: [0, 5, 1]))
  var others = [Real](repeating: Real(), count: 5)
  var venueSequence = Series(order: 1, width: 2, base: 40, planes: [0, 0, 1, 4, 0, 1, 0, 0])
  var source = Series(base: 2)
  var flags = Series(base: 1)
  var end: [UInt8] = []
  /// Added to the length that stands before the last part.
  var excess: UInt32 = 0

  static let ticks: [loom_sequenced_tick] = {
    let bids = [1.5, -0.0, .nan, 1.51]
    // Residuals of 0, 256, 1 and 4: the sign is the lowest bit.
    let venue: [UInt64] = [40, 168, 167, 169]
    return (0..<4).map { index in
      let time = 5000 + 1000 * Int64(index)
      var row = TickSamples.empty(
        10 + UInt64(index), symbol: index == 0 ? 3 : 9, time: time)
      row.tick.receive_time = time + 7
      row.tick.bid = bids[index]
      row.tick.venue_sequence = venue[index]
      row.tick.source = 2
      row.tick.flags = 1
      return row
    }
  }()

  private var body: [UInt8] {
    var parts = [symbols, lengths, sequence, time, lag].map(\.bytes)
    parts += [bid.bytes] + others.map(\.bytes)
    parts += [venueSequence, source, flags].map(\.bytes)
    var body = little(runs)
    for (index, part) in parts.enumerated() {
      body += little(UInt32(part.count) + (index == parts.count - 1 ? excess : 0)) + part
    }
    return body + end
  }

  /// The block: the header of the same ticks, encoded, with the sizes and checksums of this body.
  func bytes(_ codec: BlockCodec) throws -> [UInt8] {
    let body = body
    var whole = Array(try codec.encode(Self.ticks)[..<Int(LOOM_BLOCK_HEADER_SIZE)] + body)
    BlockSurgery.seal(&whole) { header in
      header.body_size = UInt32(body.count)
      header.stored_size = header.body_size
    }
    return whole
  }
}

private func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
