/// The names of columns as the keys of JSON objects.
enum QueryKeys {
  /// `names`, those that were there before with a number behind: `bid`, `bid_2`, `bid_3`.
  static func distinct(_ names: [String]) -> [String] {
    var taken = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      if seen.insert(name).inserted { return name }
      var number = 2
      while !taken.insert("\(name)_\(number)").inserted { number += 1 }
      return "\(name)_\(number)"
    }
  }
}
