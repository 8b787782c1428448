extension Duration {
  /// Reads `90s`, `10m`, `2h`, `3d` or `1w`; a number alone is seconds. Nil for anything else, and
  /// beyond ten years.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [Substring: Int] = ["": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let number = Int(digits), let unit = units[text.dropFirst(digits.count)],
      number <= 315_360_000 / unit
    else { return nil }
    self = .seconds(number * unit)
  }
}
