internal import LoomCore

/// What a run tells those who look after it.
struct RunDiagnostics: ~Copyable {
  private let diagnostics: Diagnostics

  /// - Throws: ``LoomSystem/SystemError`` where the sink's thread cannot be started;
  ///   ``LoomCore/CoreError/blasThreads``.
  init(_ configuration: DiagnosticConfiguration) throws {
    let diagnostics = try Diagnostics(configuration)
    try diagnostics.tellBLAS()
    self.diagnostics = diagnostics
  }

  // However the run ends, its sink has a moment.
  deinit { diagnostics.flush() }

  func opened(_ sources: Int, _ settings: PipelineConfiguration, shards: Int) {
    diagnostics.tell(
      .info, .run, "inputs opened",
      [
        .init("count", sources), .init("timeframe", settings.normalization.timeframe),
        .init("shards", shards),
      ])
    diagnostics.tell(.debug, .run, "settings", [.init("text", settings.text)])
  }

  func finished(_ summary: borrowing RunSummary) {
    for stage in summary.stages {
      diagnostics.tell(
        .debug, .run, "stage finished",
        [.init("name", stage.name), .init("seconds", stage.seconds)])
    }
    diagnostics.tell(
      .info, .run, "finished",
      [
        .init("inputs", summary.total.ticks.received), .init("versions", summary.versions),
        .init("seconds", summary.seconds),
      ])
  }
}
