/// The bins of durations: eight to the octave, up to 18 minutes and one for all that is longer.
enum DurationScale {
  private static let binsPerOctave = 8
  static let binCount = 304

  /// Which bin holds a duration in nanoseconds; those below 0 are counted as 0.
  @inline(__always)
  static func bin(_ nanoseconds: Int64) -> Int {
    if nanoseconds < Int64(binsPerOctave) { return Int(max(0, nanoseconds)) }
    let octave = 63 - nanoseconds.leadingZeroBitCount
    let step = Int(nanoseconds >> (octave - 3)) & (binsPerOctave - 1)
    return min((octave - 2) * binsPerOctave + step, binCount - 1)
  }

  /// The longest duration of a bin, in nanoseconds.
  static func longest(_ bin: Int) -> Int64 {
    if bin < binsPerOctave { return Int64(bin) }
    if bin >= binCount - 1 { return .max }
    let octave = bin / binsPerOctave + 2
    return ((Int64(binsPerOctave) + Int64(bin % binsPerOctave) + 1) << (octave - 3)) - 1
  }
}
