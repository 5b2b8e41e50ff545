internal import LoomCore
internal import LoomImport
internal import LoomSystem

/// What a run must know and check about its sources before it starts.
struct RunSources {
  let sources: [Source]

  init(_ sources: [Source]) throws(RunError) {
    self.sources = sources
    let reasons = sources.compactMap(\.skippedReason)
    if reasons.count < sources.count { return }
    throw .configuration("no input is left to read: " + reasons.joined(separator: "; "))
  }

  /// The step of bar files, the largest of several; one second for ticks.
  var ownTimeframe: Timeframe {
    get throws(RunError) {
      var longest: Timeframe?
      for source in sources where source.skippedReason == nil {
        guard let step = source.isBars ? source.step : .second else { continue }
        if step.span > (longest?.span ?? .zero) { longest = step }
      }
      if let longest { return longest }
      throw .configuration("the step of these bars cannot be told; give it with --timeframe")
    }
  }

  /// What to tell of a timeframe taken from bars that lie an hour less than whole days apart.
  static func doubt(about timeframe: Timeframe) -> String? {
    let (hour, day) = (Nanoseconds.seconds(3600).count, Timeframe.day.span.count)
    guard timeframe.span.count % day == day - hour else { return nil }
    return "the bars are \(timeframe) apart at the least, as days are where clocks are put forward;"
      + " --timeframe \(Nanoseconds(timeframe.span.count + hour)) makes bars of whole days"
  }

  /// Throws where bars would have to be cut in pieces.
  func refuseCoarser(than timeframe: Timeframe) throws(RunError) {
    for source in sources where source.isBars {
      guard let step = source.step, step.span > timeframe.span else { continue }
      throw .configuration(
        "\(source.path) holds bars of \(step), coarser than the run's \(timeframe);"
          + " choose --timeframe \(step) or longer")
    }
  }

  /// Throws where a file of the export would take the place of one that is read.
  func refuseReplacing(_ exported: [String], in folder: String) throws(RunError) {
    for name in exported {
      let path = folder + "/" + name
      let replaced = sources.first { FileSystem.isSame($0.path, path) }
      guard let source = replaced else { continue }
      throw .configuration(
        "the export into \(folder) would replace the input \(source.path); choose another folder")
    }
  }
}
