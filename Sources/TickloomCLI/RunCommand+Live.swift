internal import LoomSystem
internal import Tickloom

extension RunCommand {
  /// Runs until the input ends or an interrupt ends it; the one after that is `cancellation`.
  func runShowingTable(_ cancellation: Cancellation) throws -> RunSummary {
    let end = Cancellation.beforeInterrupt()
    return try Live(configuration).perform(end: end, cancellation: cancellation)
  }
}
