/// The lines of a thread's file that tell where its entries start, in their order.
struct Landmarks {
  enum Landmark {
    case entry(Start)
    case fence(Fence)
    case identity(EntryID)

    var isEntry: Bool {
      if case .entry = self { true } else { false }
    }
  }

  /// An entry line below a `---`.
  struct Start {
    /// Where the `---` starts.
    let offset: Int
    let time: Timestamp
    /// The Entry-ID comment right above: the end of an entry.
    let identity: EntryID?
    /// Whether the Python tool shows it: its fences go on over all entries of a file.
    let isShownByPython: Bool
  }

  private(set) var all: [Landmark] = []
  private var identities: Set<EntryID> = []
  private var copied: Set<EntryID> = []

  /// - Parameter separator: Where a `---` starts that belongs to the first line of `text`.
  init(_ text: Bytes, separator: Int?) {
    var separator = separator
    var identity: EntryID?
    var open: Fence?
    for line in text.lines {
      if line.isSeparator {
        separator = line.startIndex
        continue
      }
      if line.isAllBlank { continue }
      var found: EntryID?
      if let start = separator, let (_, time) = line.entryLine {
        all.append(
          .entry(
            Start(
              offset: max(start, text.startIndex), time: time, identity: identity,
              isShownByPython: open == nil)))
      } else if let fence = line.fence {
        fence.follow(&open, closingNeedsToBeBare: false)
        if !fence.isIndented { all.append(.fence(fence)) }
      } else if let id = line.entryIDComment {
        found = id
        if !identities.insert(id).inserted { copied.insert(id) }
        all.append(.identity(id))
      }
      (identity, separator) = (found, nil)
    }
  }

  /// A start is an entry line below a `---`. What our writer puts into a body is quoted, and needs no fence; the
  /// Python tool and people quote nothing, and their fences protect. A fence belongs to one entry: it is closed
  /// before the next start outside of it, or it is no fence.
  var entryStarts: [ThreadParser.EntryStart] {
    var starts: [ThreadParser.EntryStart] = []
    var current: (start: ThreadParser.EntryStart, time: Timestamp)?
    var open: Fence?
    var identity: EntryID?
    func end() {
      guard var entry = current?.start else { return }
      entry.isOpen = open != nil
      entry.isIdentityCopied = identity.map(copied.contains) ?? false
      starts.append(entry)
    }
    for (index, landmark) in all.enumerated() {
      switch landmark {
      case .identity(let id):
        if identity != nil { current?.start.hasExamples = true }
        identity = id
      case .fence(let fence): fence.follow(&open)
      case .entry(let start):
        if let opening = open, !isSure(start),
          isExample(start, in: opening, of: current?.time, all[(index + 1)...])
        {
          current?.start.hasExamples = true
          continue
        }
        end()
        current = (ThreadParser.EntryStart(offset: start.offset), start.time)
        (open, identity) = (nil, nil)
      }
    }
    end()
    return starts
  }

  /// Whether it is a start whatever fence is open: the Python tool shows it, or it is right below the end of an
  /// entry. An Entry-ID that stands twice may be that of a copy.
  private func isSure(_ start: Start) -> Bool {
    start.isShownByPython || start.identity.map { !copied.contains($0) } ?? false
  }

  /// Whether a start stands in a fence that is closed below it, rather than forgotten.
  ///
  /// The fences up to the next entry line tell, or where there are none, those up to the one after it: if they
  /// pair up by themselves, the open one was forgotten. They do not either where both entries have forgotten
  /// one; then the Entry-ID that follows tells by its time whose it is.
  /// - Parameter time: That of the entry that the fence is in; nil for one above all entries.
  private func isExample(
    _ start: Start, in opening: Fence, of time: Timestamp?, _ rest: ArraySlice<Landmark>
  ) -> Bool {
    var ours: Fence? = opening
    var own: Fence?
    var hasFences = false
    var id: EntryID?
    search: for landmark in rest {
      switch landmark {
      case .identity(let found): if ours == nil { id = id ?? found }
      case .fence(let fence):
        hasFences = true
        fence.follow(&ours)
        fence.follow(&own)
      case .entry(let next): if hasFences || isSure(next) { break search }
      }
    }
    guard hasFences, ours == nil, own != nil else { return false }
    guard let id else { return true }
    guard let time else { return false }
    return id.distance(to: time) <= id.distance(to: start.time)
  }
}

extension EntryID {
  /// In milliseconds.
  fileprivate func distance(to time: Timestamp) -> UInt64 {
    let milliseconds = Int64(self.milliseconds)
    return (milliseconds - 1000 * time.seconds).magnitude
  }
}
