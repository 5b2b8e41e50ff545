/// Which columns play which role where the header does not say: `time=ts,bid=Bid` or `time=0,bid=1`.
public struct ColumnMap: Sendable {
  /// One column, by its name or by its place from 0.
  enum Reference: Equatable, Sendable {
    case name(String)
    case place(Int)
  }

  /// The columns of each role; two for a date and a time of day.
  private(set) var references: [(role: ColumnRole, columns: [Reference])] = []

  /// Creates a map that says nothing.
  public init() {}

  /// Reads `role=column` pairs between commas; `time=date+ToD` joins two columns.
  ///
  /// - Throws: ``ImportError`` of kind `option` naming the pair that is wrong.
  public init(_ text: String) throws(ImportError) {
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw ImportError(.option, "--columns: `\(pair)` is not role=column, as in time=ts,bid=Bid")
      }
      let name = Self.trimmed(parts[0])
      guard let role = ColumnRole(name: name) else {
        let known = ColumnRole.allCases.map(\.key).joined(separator: ", ")
        throw ImportError(.option, "--columns: there is no role `\(name)`; the roles are \(known)")
      }
      try add(role, String(parts[1]))
    }
  }

  /// Whether it says nothing.
  var isEmpty: Bool { references.isEmpty }
  /// Whether every column is given by its place.
  var isByPlace: Bool {
    !isEmpty
      && references.allSatisfy {
        $0.columns.allSatisfy { if case .place = $0 { true } else { false } }
      }
  }

  /// The columns given for `role`; nil where none are.
  func columns(of role: ColumnRole) -> [Reference]? {
    references.first { $0.role == role }?.columns
  }

  private mutating func add(_ role: ColumnRole, _ text: String) throws(ImportError) {
    if columns(of: role) != nil {
      throw ImportError(.option, "--columns: \(role.key) is given twice")
    }
    var columns = text.split(separator: "+", omittingEmptySubsequences: false).map(Self.trimmed)
    // A plus sign may belong to the name; only times are joined.
    if role != .time || columns.count != 2 { columns = [Self.trimmed(text[...])] }
    references.append(
      (role, columns.map(Self.reference)))
  }

  private static func reference(_ name: String) -> Reference {
    let isPlace = !name.isEmpty && name.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    return isPlace ? Int(name).map(Reference.place) ?? .name(name) : .name(name)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
