internal import LoomSystem
internal import Tickloom

/// `tickloom backup`: a verified copy of a store.
struct BackupCommand {
  static let help = HelpText(
    introduction: """
      Usage: tickloom backup STORE FILE

      Copies a store of run or live, also while it is being written, as it is at one moment, and \
      verifies the copy. FILE must not exist; it gets its name once it is complete and on the disk.

      Exit status: 0 copied, 4 the store is damaged and was not copied, 1 failed, 2 wrong usage, \
      130 interrupted.
      """, options: options)
  static let options = [
    StoreArguments.quiet, StoreArguments.help,
  ]

  private let path: String
  private let target: String
  private let isQuiet: Bool

  init(_ arguments: Arguments) throws {
    let store = try StoreArguments(arguments, of: .backup, making: "the STORE and the new FILE")
    (path, target) = (store.path, store.target)
    isQuiet = arguments.has("quiet")
  }

  func perform(_ cancellation: Cancellation) throws -> ExitStatus {
    let start = MonotonicClock.nanoseconds
    let report = try copy(cancellation)
    let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    for finding in report.findings { Messages.show("\(path): \(finding)") }
    if !report.isSound {
      Messages.show("\(path) is damaged and was not copied; see tickloom recover")
      return .damaged
    }
    if isQuiet { return .good }
    var writer = TextWriter(.standardOutput(cancellation: cancellation))
    let inputs = SummaryNumber.grouped(report.inputs)
    writer.text.append(
      "\(SummaryText.harmless(target)) holds \(inputs) inputs, verified, "
        + "took \(SummaryNumber.seconds(seconds))")
    try writer.endRow()
    try writer.commit()
    return .good
  }

  private func copy(_ cancellation: Cancellation) throws -> StoreVerification {
    let terminal: Terminal = isQuiet ? .none : .standardError
    let start = MonotonicClock.nanoseconds
    var copying = ProgressBar(label: "copying", unit: "bytes", nowNanoseconds: start, on: terminal)
    var verifying = ProgressBar(
      label: "verifying", unit: "rows", nowNanoseconds: start, on: terminal)
    return try StoreBackup.copy(path: path, to: target, cancellation: cancellation) { step in
      let now = MonotonicClock.nanoseconds
      switch step {
      case .copying(let done, let total):
        copying.update(
          fraction: Double(done) / Double(max(1, total)), count: done, nowNanoseconds: now)
      case .verifying(let progress):
        verifying.update(
          fraction: Double(progress.done) / Double(max(1, progress.total)),
          count: progress.done, nowNanoseconds: now)
      }
    }
  }
}
