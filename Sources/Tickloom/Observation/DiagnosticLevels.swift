/// From which level on the diagnostics of each component are told.
public struct DiagnosticLevels: Hashable, Sendable {
  /// By the order of the components.
  private var minimum: [Diagnostic.Level]

  /// The same for every component.
  public init(_ minimum: Diagnostic.Level = .info) {
    self.minimum = Array(repeating: minimum, count: Diagnostic.Component.allCases.count)
  }

  /// Reads a level, or levels of components: `info`, `feed=debug,info`; nil for any other text.
  ///
  /// A level alone is that of all components that are not named, wherever it stands, and `warning`
  /// where there is none. Of two that name the same the later one counts.
  public init?(_ text: String) {
    var general = Diagnostic.Level.warning
    var named: [(component: Diagnostic.Component, level: Diagnostic.Level)] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard let level = words.last.flatMap(Diagnostic.Level.init(rawValue:)) else { return nil }
      switch words.count {
      case 1: general = level
      case 2:
        guard let component = Diagnostic.Component(rawValue: words[0]) else { return nil }
        named.append((component, level))
      default: return nil
      }
    }
    self.init(general)
    for (component, level) in named { self[component] = level }
  }

  /// From which level on those of `component` are told.
  public subscript(component: Diagnostic.Component) -> Diagnostic.Level {
    get { minimum[Self.place(component)] }
    set { minimum[Self.place(component)] = newValue }
  }

  private static func place(_ component: Diagnostic.Component) -> Int {
    Diagnostic.Component.allCases.firstIndex(of: component) ?? 0
  }
}
