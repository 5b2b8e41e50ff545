import Foundation

/// The files of this repository, for tests that read them.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What stands in the root, hidden entries aside.
  static let entries = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? [])
    .filter { !$0.hasPrefix(".") }.sorted()

  /// Paths of everything below the root, except in hidden folders (they hold the builds).
  static let files: [String] = entries.flatMap { entry in
    let below = FileManager.default.subpaths(atPath: root.appending(path: entry).path) ?? []
    return [entry] + below.filter { !$0.contains("/.") }.sorted().map { "\(entry)/\($0)" }
  }

  static let sources = files.filter { path in
    ["swift", "c", "h", "cpp"].contains(URL(filePath: path).pathExtension)
  }
  static let librarySources = sources.filter { path in
    path.hasPrefix("Sources/") && path.hasSuffix(".swift") && !path.hasPrefix(examples)
  }
  /// Programs to start from, which know no more than another package could.
  static let exampleSources = sources.filter { $0.hasPrefix(examples) }
  private static let examples = "Sources/Examples/"
  /// The modules below `Sources`, examples aside.
  static let modules = Set(librarySources.compactMap(module(of:)))
  static let manifest = (try? text(of: "Package.swift")) ?? ""

  /// The targets of the manifest and what each declares to depend on.
  static let dependencies: [String: Set<String>] = {
    let helper = #/\b(?:module|tests)\(\s*"(\w+)"((?:\s*,\s*"\w+")*)\s*\)/#
    let target = #/\.\w*[tT]arget\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/#
    var found: [String: Set<String>] = [:]
    for (name, list) in manifest.matches(of: helper).map({ ($0.1, $0.2) })
      + manifest.matches(of: target).map({ ($0.1, $0.2) })
    {
      found[String(name)] = Set(list.matches(of: #/\w+/#).map { String($0.0) })
    }
    return found
  }()

  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func lines(of path: String) throws -> [Substring] {
    try text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The second part of `Sources/Module/…` or `Tests/ModuleTests/…`; of examples the third.
  static func module(of path: String) -> String? {
    let path = path.hasPrefix(examples) ? path.dropFirst("Sources/".count) : path[...]
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : nil
  }

  /// The modules that a Swift file imports, whatever access and attributes stand before the word.
  static func imports(of path: String) throws -> Set<String> {
    let pattern = #/(?:^|\s)import\s+(?:(?:struct|class|enum|func|protocol)\s+)?(\w+)/#
    return Set(
      try lines(of: path).compactMap { line in
        let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
        return code.firstMatch(of: pattern).map { String($0.1) }
      })
  }
}
