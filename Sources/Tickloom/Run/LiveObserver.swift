internal import LoomFeatures
internal import LoomSystem

/// Gathers what a person sees of a live run, some times a second.
struct LiveObserver: RunObserver {
  let show: (LiveState) -> Void
  private static let intervalNanoseconds: Int64 = 200_000_000
  private var lastNanoseconds: Int64 = .min / 2

  init(show: @escaping (LiveState) -> Void) { self.show = show }

  mutating func observe<Members: Feature>(
    _ pipeline: borrowing Pipeline<Members>, _ outputs: borrowing RunOutputs,
    _ progress: Run.Progress
  ) {
    let now = MonotonicClock.nanoseconds
    if now - lastNanoseconds < Self.intervalNanoseconds { return }
    lastNanoseconds = now
    var state = LiveState()
    state.ticks = progress.ticks
    show(state)
  }
}
