extension String {
  /// The text on one line, for a heading or a cell of a table.
  ///
  /// A quoted value of a front matter may hold any character: what would break the line, end the
  /// cell or move a cursor becomes a space.
  package var onOneLine: String {
    // As nearly all are.
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
    let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.value {
      case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029: " "
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
