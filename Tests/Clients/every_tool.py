"""Calls of each of the server's tools, through a function that makes one."""

ID = "01KE90000000000000000000{:02}"
NO_ID = ID.format(99)


def use_every_tool(call):
    """Each tool where all is well, with its arguments."""
    call("say", topic="plan", title="Shall we?", body="On Friday.", entry_id=ID.format(30))
    call("say", topic="plan", title="Shall we?", body="On Friday.", entry_id=ID.format(30))
    call("say", topic="plan", title="No", body="Not yet", role="critic", entry_type="Plan",
         ball="Team", status="blocked", agent="Codex", if_ball="Codex", expect=ID.format(30))
    call("ack", topic="plan", agent="Gemini")
    call("ack", topic="plan", title="Seen", body="Will look")
    call("handoff", topic="plan", note="Yours", target_agent="Codex")
    call("set_status", topic="plan", status="in-progress")
    call("set_status", topic="plan", status="in-progress")
    call("set_ball", topic="plan", ball="Claude")
    call("read_thread", topic="plan", format="json")
    call("read_thread", topic="yours", from_entry=1)
    call("read_thread", topic="yours", limit=1)
    call("read_thread", topic="yours", since="2026-01-07T08:30:00Z")
    call("read_thread", topic="legacy", max_chars=900)
    call("list_threads", format="json")
    page = call("list_threads", open_only=True, limit=2)
    call("list_threads", open_only=True, limit=2, cursor=page["next_cursor"])
    call("list_threads", mine=True, agent="Codex (bob)")
    call("list_updates", limit=1)
    call("list_updates", topics=["waiting"], agent="Gemini")
    call("list_updates", since="2026-01-06T00:00:00Z", agent="Cursor", topics=["yours"])
    call("wait", timeout_s=1, **{"for": "ball"})
    call("search", query="deadline")
    call("search", query="of yours", topics=["yours"], agent="Codex", limit=1)
    call("search", query="no such words")
    call("reindex")
    call("reindex", open_only=True)
    call("whoami")
    call("health")


def fail_with_every_tool(call):
    """What cannot be done, for each reason."""
    for tool in ("read_thread", "ack"):
        call(tool, topic="nowhere")
        call(tool, topic="a/b")
        call(tool)
    call("set_status", topic="nowhere", status="closed")
    call("set_ball", topic="nowhere", ball="Codex")
    call("say", topic="plan", title="x", body="x", if_ball="Nobody")
    call("say", topic="plan", title="x", body="x", expect=NO_ID)
    call("say", topic="plan", title="x", body="Another body", entry_id=ID.format(30))
    call("say", topic="plan", title="two\nlines", body="x")
    call("search", query="")
    call("list_threads", cursor="x")
    call("list_updates", since="yesterday")
    call("list_updates", topics=["nowhere"])
    call("wait", **{"for": "x"})
    call("read_thread", topic="yours", from_entry="x")
