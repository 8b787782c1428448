internal import MCP
internal import Platform

extension Toolbox {
  var sync: Tool {
    tool(
      "sync", "Sync",
      "Send what waits here and take in what others sent; tells what is not out yet.",
      arguments: [],
      output: [
        "state": ["type": "string"], "waiting": ["type": "integer"],
        "arrived": ["type": "array", "items": ["type": "object"]],
        "outbox": ["type": "array", "items": ["type": "object"]],
      ], isReadOnly: false
    ) { workspace, _, context in
      guard workspace.isCloud else {
        return ToolResult(
          text: "Local mode: the threads are on this machine only, there is nothing to sync.",
          structured: ["state": "local", "waiting": 0, "arrived": [], "outbox": []])
      }
      let delivery = try workspace.synchronize(deadline: context.deadline)
      let waiting = try workspace.outbox(deadline: context.deadline).map(CommitView.init)
      let view = DeliveryView(delivery)
      let words =
        delivery.state == .pushed && waiting.isEmpty ? "In step with the remote.\n" : ""
      let text = words + view.text + waiting.map { "\n\($0.lines)" }.joined()
      let members = view.members + [JSON.Member("outbox", .array(waiting.map(\.json)))]
      return ToolResult(
        text: text, structured: .object(members), isError: delivery.state != .pushed)
    }
  }
}
