/// Takes a state apart, or puts it together: a ``SnapshotWriter`` or a ``SnapshotReader``.
///
/// Bytes that are read may be anybody's: what is not there, or cannot be, is an error, and nothing is
/// allocated that the bytes are too few for.
public protocol SnapshotCoder {
  /// Whether values are read.
  static var isReading: Bool { get }

  /// How many bytes there are still to read; for a writer more than there can be.
  var remaining: Int { get }

  /// Writes where a part begins, or checks that it does here; of its name eight bytes count.
  mutating func section(_ name: StaticString) throws(SnapshotError)

  /// Writes a value, or replaces it by the one read.
  mutating func value<Value: SnapshotValue>(_ value: inout Value) throws(SnapshotError)

  /// Writes the elements of an array whose length the settings tell, or replaces them.
  mutating func elements<Value: SnapshotValue>(_ values: inout [Value]) throws(SnapshotError)

  /// Writes an array with its length, or replaces it.
  mutating func values<Value: SnapshotValue>(_ values: inout [Value]) throws(SnapshotError)
}

extension SnapshotCoder {
  /// Refuses a state that cannot be.
  @inlinable
  public func require(_ isSound: Bool, _ what: StaticString) throws(SnapshotError) {
    if !isSound { throw .damaged("\(what)") }
  }

  /// Does what may fail for want of room.
  @inlinable
  public func core(_ body: () throws(CoreError) -> Void) throws(SnapshotError) {
    do { try body() } catch { throw .core(error) }
  }

  /// A number of things: 0 … 2⁵⁶, so that sums of such numbers are numbers.
  @inlinable
  public mutating func count(_ count: inout Int) throws(SnapshotError) {
    try value(&count)
    try require(count >= 0 && count <= 1 << 56, "a count")
  }

  /// A number of things that follow, of which each takes at least a byte.
  @inlinable
  public mutating func length(_ count: inout Int) throws(SnapshotError) {
    try self.count(&count)
    if count > remaining { throw .truncated }
  }

  /// A journal sequence: 0 … 2⁶², so that others can follow.
  @inlinable
  public mutating func sequence(_ number: inout UInt64) throws(SnapshotError) {
    try value(&number)
    try require(number <= 1 << 62, "a sequence")
  }

  /// Yes or no.
  @inlinable
  public mutating func flag(_ flag: inout Bool) throws(SnapshotError) {
    var byte: UInt8 = flag ? 1 : 0
    try value(&byte)
    try require(byte <= 1, "yes or no")
    flag = byte == 1
  }

  /// A value or none.
  @inlinable
  public mutating func optional<Value: SnapshotValue>(
    _ optional: inout Value?, filler: Value
  ) throws(SnapshotError) {
    var isThere = optional != nil
    try flag(&isThere)
    if !isThere { return optional = nil }
    var value = optional ?? filler
    try self.value(&value)
    optional = value
  }

  /// Text.
  public mutating func text(_ text: inout String) throws(SnapshotError) {
    var bytes = Array(text.utf8)
    try values(&bytes)
    guard let valid = String(validating: bytes, as: UTF8.self) else { throw .damaged("text") }
    text = valid
  }

  /// States of which there are as many as before; the array is made afresh by `make`.
  @inlinable
  public mutating func states<State: SnapshotState>(
    _ states: inout [State], _ make: () -> State
  ) throws(SnapshotError) {
    var count = states.count
    try length(&count)
    if Self.isReading { states.removeAll() }
    for index in 0..<count {
      // A copy: what is written stays where it is.
      var state = Self.isReading ? make() : states[index]
      try state.transfer(through: &self)
      if Self.isReading { states.append(state) }
    }
  }
}
