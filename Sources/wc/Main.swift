import Watercooler

@main struct Main {
  static func main() { CommandLineTool.main() }
}
