public import LoomCore
internal import LoomSystem

extension VersionPublisher {
  /// Transfers what the versions to come are made of, and publishes the latest again.
  ///
  /// Of a publisher with other settings it makes no sense.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.section("versions")
    var (number, start, hash) = (latest.number, latest.start, latest.hash)
    try coder.sequence(&number)
    try coder.value(&start)
    try coder.value(&hash.high)
    try coder.value(&hash.low)
    let correction = try transferCorrection(through: &coder)
    if isCorrectable {
      try correctable?.transfer(through: &coder)
      if Coder.isReading { try coder.core { () throws(CoreError) in try rebuild() } }
    } else {
      try estimator.transfer(through: &coder)
    }
    if !Coder.isReading || number == 0 { return }
    try coder.core { () throws(CoreError) in
      try publishAgain(number, start, hash, correction)
    }
  }

  private func transferCorrection<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) -> VersionCorrection? {
    let now = latest.correction
    var (sequence, symbol) = (now?.sequence ?? 0, now?.symbol ?? .unknown)
    var bars = now?.bars ?? []
    try coder.sequence(&sequence)
    try coder.value(&symbol)
    try coder.values(&bars)
    return sequence == 0
      ? nil : VersionCorrection(sequence: sequence, symbol: symbol, bars: bars)
  }
}
