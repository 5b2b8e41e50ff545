internal import LoomFeatures

/// What looks on while a run goes.
protocol RunObserver {
  /// Called after each batch, on the thread of the stages.
  mutating func observe<Members: Feature>(
    _ pipeline: borrowing Pipeline<Members>, _ outputs: borrowing RunOutputs,
    _ progress: Run.Progress)
}
