internal import LoomSystem

/// One file, standard input or one generator, after folders were looked into.
struct InputMember {
  /// The file's name without its folder.
  var name: String
  /// The path; nil for standard input and generators.
  var path: String?
  var generator: (any TickGenerator)?
  var isSocket = false
  /// Whether its lines may be read as they come.
  var isStream: Bool { isSocket || (path == nil && generator == nil) }

  /// The members of `inputs` in order.
  static func all(of inputs: [InputLocation]) throws(ImportError) -> [InputMember] {
    var members: [InputMember] = []
    for input in inputs {
      switch input {
      case .standardInput: members.append(InputMember(name: "stdin"))
      case .socket(let path):
        var member = file(path)
        member.isSocket = true
        members.append(member)
      case .generated(let generator):
        members.append(InputMember(name: generator.name, generator: generator))
      case .path(let path):
        members += FileSystem.kind(of: path) == .folder ? try files(in: path) : [file(path)]
      }
    }
    if members.count > Int(UInt16.max) {
      throw ImportError(.option, "\(members.count) files are too many; at most 65,535 at once")
    }
    try refuseRepeated(members)
    return members
  }

  /// A file read twice would count every trade without a sequence twice.
  private static func refuseRepeated(_ members: [InputMember]) throws(ImportError) {
    var seen: [FileSystem.Identity: String] = [:]
    for path in members.lazy.compactMap(\.path) {
      guard let identity = FileSystem.identity(ofFile: path) else { continue }
      if let earlier = seen.updateValue(path, forKey: identity) {
        let what = earlier == path ? path : "\(path) is \(earlier), which"
        throw ImportError(.option, "\(what) is given twice; name each file once")
      }
    }
  }

  private static func file(_ path: String) -> InputMember {
    InputMember(name: path.split(separator: "/").last.map(String.init) ?? path, path: path)
  }

  private static func files(in folder: String) throws(ImportError) -> [InputMember] {
    let names = try reading { () throws(ByteSourceError) in try FileSystem.names(in: folder) }
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    let files = names.filter { !$0.hasPrefix(".") }.map { base + $0 }
      .filter { FileSystem.kind(of: $0) != .folder }
    if files.isEmpty {
      throw ImportError(
        .unreadable, "\(folder): the folder holds no files; folders inside it are not read")
    }
    return files.map(file)
  }
}
