import Foundation

/// A package outside this repository that depends on a clone of it by its URL.
struct Embedder {
  enum Failure: Error {
    /// The lines hold the errors, or the last ones where none says so.
    case failed(command: String, lines: [Substring])
    case noSnippet
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Stays from run to run, so that only what changed is built again.
  private static let folder = root.appending(path: ".build/embedding")
  private static let clone = folder.appending(path: "tickloom")
  private static let package = folder.appending(path: "embedder")

  /// Why the test cannot run here, if so.
  static let obstacle: String? = {
    guard (try? run(["git", "-C", root.path, "rev-parse", "HEAD"])) != nil else {
      return "this is no git repository, or there is no git"
    }
    return (try? run(["swift", "--version"])) == nil ? "there is no swift to call" : nil
  }()

  /// Clones what is committed, builds the package against it, and returns what it prints.
  static func output() throws -> String {
    let files = FileManager.default
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    try? files.removeItem(at: clone)
    try run(["git", "clone", "--quiet", root.path, clone.path])
    let revision = try run(["git", "-C", clone.path, "rev-parse", "HEAD"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try writePackage(revision: revision)
    let build = [
      "swift", "build", "--disable-dependency-cache", "--package-path", package.path,
    ]
    try run(build)
    let binaries = try run(build + ["--show-bin-path"])
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return try run(["\(binaries)/embedder"])
  }

  /// The lines of the README's snippet below a heading, as they stand.
  static func snippet(in readme: String, below heading: String) throws -> String {
    let pattern = #/\n```swift\n((?s:.*?)\n)```/#
    guard let start = readme.firstRange(of: "## \(heading)\n")?.upperBound,
      let match = readme[start...].firstMatch(of: pattern)
    else { throw Failure.noSnippet }
    return String(match.1)
  }

  /// The headings of the README below which there is one, and the function that each becomes.
  static let snippets = [
    (heading: "Embed it in twenty lines of Swift", name: "snippet"),
    (heading: "Embed it live", name: "live"),
  ]

  private static func writePackage(revision: String) throws {
    let template = root.appending(path: "Tests/EmbeddingTests/Template")
    let sources = package.appending(path: "Sources/embedder")
    try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
    let manifest = try text(template.appending(path: "Package.swift"))
      .replacing("CLONE", with: clone.absoluteURL.standardized.absoluteString)
      .replacing("REVISION", with: revision)
    try write(manifest, to: package.appending(path: "Package.swift"))
    for name in ["Body.swift", "Stream.swift", "main.swift"] {
      let source = try text(template.appending(path: "Sources/embedder/\(name)"))
      try write(source, to: sources.appending(path: name))
    }
    let readme = try text(clone.appending(path: "README.md"))
    for (heading, name) in snippets {
      let snippet = try snippet(in: readme, below: heading)
      try write(
        "import Tickloom\n\nfunc \(name)() throws {\n\(snippet)}\n",
        to: sources.appending(path: "\(name.capitalized).swift"))
    }
  }

  private static func text(_ file: URL) throws -> String {
    try String(contentsOf: file, encoding: .utf8)
  }

  /// Leaves a file alone that holds the text already, so that it is not compiled again.
  private static func write(_ text: String, to file: URL) throws {
    if (try? Self.text(file)) != text { try Data(text.utf8).write(to: file) }
  }

  /// Runs a command and returns what it says.
  @discardableResult
  private static func run(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      let lines = text.split(separator: "\n")
      let errors = lines.filter { $0.contains(": error: ") }
      throw Failure.failed(
        command: command.joined(separator: " "),
        lines: Array(errors.isEmpty ? lines.suffix(20) : errors.prefix(5)))
    }
    return text
  }
}
