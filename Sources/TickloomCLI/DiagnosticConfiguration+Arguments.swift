internal import LoomSystem
internal import Tickloom

extension DiagnosticConfiguration {
  /// What `--log-level` asks for, on standard error; warnings and errors where it is not given.
  init(_ arguments: Arguments) throws {
    let levels = try arguments.parse(
      "log-level",
      "debug, info, warning or error, or such as warning,run=debug; components are "
        + Diagnostic.Component.list
    ) { DiagnosticLevels($0) }
    try self.init(
      sink: { Messages.show($0.description) }, levels: levels ?? DiagnosticLevels(.warning))
  }
}

extension Diagnostic.Component {
  /// The names of all, separated by commas.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
