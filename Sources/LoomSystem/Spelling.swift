/// Finds what somebody meant who wrote a name that does not exist.
public enum Spelling {
  /// The name that `word` begins, else the one at most a third of its letters away; nil if none.
  public static func nearest(to word: String, among names: [String]) -> String? {
    if !word.isEmpty, let whole = names.first(where: { $0.hasPrefix(word) }) { return whole }
    let distances = names.map { (name: $0, distance: distance($0, word)) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, best.name.count / 3) ? best.name : nil
  }

  /// Fewest insertions, deletions and replacements of one letter (Levenshtein 1966).
  private static func distance(_ left: String, _ right: String) -> Int {
    let letters = Array(right)
    var row = Array(0...letters.count)
    for letter in left {
      var diagonal = row[0]
      row[0] += 1
      for (index, other) in letters.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[index + 1]
        row[index + 1] = min(replaced, row[index] + 1, diagonal + 1)
      }
    }
    return row[letters.count]
  }
}
