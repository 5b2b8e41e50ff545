/// What comparing a table with what its inputs give has found.
public struct RebuiltTable: Sendable {
  /// A row that is not what the inputs give.
  public struct Finding: Hashable, Sendable {
    /// What tells it from the others: `EURUSD at 2024-01-02T14:30:00.000000000Z`.
    public let row: String
    /// The inputs that it comes of; nil where no inputs give it.
    public let inputs: ClosedRange<UInt64>?
    /// What is wrong with it, as a part of a sentence.
    public let reason: String
  }

  /// Rows at the end of what the inputs give that are not stored.
  public struct Rest: Hashable, Sendable {
    /// How many.
    public internal(set) var count: Int
    /// The first of them.
    public let first: String
    /// The inputs from the first it comes of to the last that the last comes of.
    public internal(set) var inputs: ClosedRange<UInt64>
  }

  /// The name of the table.
  public let name: String
  /// How many rows are equal, bit for bit.
  public internal(set) var equal = 0
  /// How many are stored with other values.
  public private(set) var changed = 0
  /// How many are not stored although later ones are.
  public private(set) var missing = 0
  /// How many are stored that no inputs give.
  public private(set) var superfluous = 0
  /// Those after the last that is stored; nil where there are none.
  public private(set) var unwritten: Rest?
  /// How many are stored of which the inputs do not tell.
  public internal(set) var uncompared = 0
  /// The first of the rows that are changed, missing or superfluous.
  public private(set) var findings: [Finding] = []
  /// Why the rest of it was not compared; nil where all was.
  public private(set) var failure: String?

  private static let mostFindings = 20

  init(name: String) { self.name = name }

  /// How many rows are not what the inputs give, without those that may not be written yet.
  public var differences: Int { changed + missing + superfluous }

  var isGivenUp: Bool { failure != nil }

  mutating func add(changed row: String, _ inputs: ClosedRange<UInt64>, _ difference: String) {
    changed += 1
    add(Finding(row: row, inputs: inputs, reason: difference))
  }

  mutating func add(missing row: String, _ inputs: ClosedRange<UInt64>, isLast: Bool) {
    if isLast { return add(unwritten: row, inputs) }
    missing += 1
    add(Finding(row: row, inputs: inputs, reason: "it is missing"))
  }

  mutating func add(superfluous row: String) {
    superfluous += 1
    add(Finding(row: row, inputs: nil, reason: "no inputs give it"))
  }

  private mutating func add(unwritten row: String, _ inputs: ClosedRange<UInt64>) {
    var rest = unwritten ?? Rest(count: 0, first: row, inputs: inputs)
    rest.count += 1
    let first = min(rest.inputs.lowerBound, inputs.lowerBound)
    rest.inputs = first...max(rest.inputs.upperBound, inputs.upperBound)
    unwritten = rest
  }

  private mutating func add(_ finding: Finding) {
    if findings.count < Self.mostFindings { findings.append(finding) }
  }

  mutating func giveUp() { failure = "too many rows are missing or out of place" }

  mutating func fail(_ reason: String) { failure = reason }
}
