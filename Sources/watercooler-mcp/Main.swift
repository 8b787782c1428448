import Watercooler

@main struct Main {
  static func main() { ServerProgram.main() }
}
