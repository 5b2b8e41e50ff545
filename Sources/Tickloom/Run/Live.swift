internal import LoomCore
internal import LoomFeatures
internal import LoomImport
public import LoomSystem

/// `tickloom live`: a run over lines as they come, of standard input or of a socket.
///
/// Unless it goes by the wall clock, what it puts out is what ``Run`` makes of the same lines.
public struct Live: Sendable {
  private let configuration: RunConfiguration

  /// Creates a live run over the one input of `configuration`; nothing is opened yet.
  public init(_ configuration: RunConfiguration) { self.configuration = configuration }

  /// Goes on until the input ends.
  ///
  /// - Parameters:
  ///   - end: Ends the input where it stands.
  ///   - cancellation: Stops; nothing is exported.
  ///   - show: Called on the calling thread some times a second with how things are.
  /// - Returns: What was done.
  /// - Throws: ``RunError``; then no file stands under its final name.
  public func perform(
    end: Cancellation, cancellation: Cancellation, show: (LiveState) -> Void = { _ in }
  ) throws(RunError) -> RunSummary {
    let clock: @Sendable () -> Timestamp = { Timestamp(nanoseconds: WallClock.nanoseconds) }
    let reading = LiveReading(
      end: end, cancellation: cancellation, clock: configuration.clock == .wall ? clock : nil)
    return try withoutActuallyEscaping(show) { (show) throws(RunError) in
      var observer = LiveObserver(clock: reading.clock, show: show)
      return try Run(configuration).perform(cancellation, live: reading, &observer)
    }
  }
}
