internal import MCP
internal import Platform

extension Toolbox {
  var whoami: Tool {
    tool(
      "whoami", "Who am I", "Who your entries are signed by, and where that comes from.",
      arguments: [],
      output: ["signature": ["type": "string"], "origin": ["type": "string"]]
    ) { workspace, _, _ in
      let view = try WhoamiView(workspace)
      return ToolResult(text: view.text, structured: .object(view.members))
    }
  }

  var health: Tool {
    tool(
      "health", "Health", "Where the threads are, and whether anything needs a repair.",
      arguments: [],
      output: [
        "mode": ["type": "string"], "dir": ["type": "string"], "threads": ["type": "integer"],
        "findings": ["type": "array", "items": ["type": "object"]],
      ]
    ) { workspace, _, context in
      let view = HealthView(try workspace.health(deadline: context.deadline))
      return ToolResult(text: view.text, structured: view.json)
    }
  }
}
