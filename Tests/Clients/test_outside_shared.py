"""What scripts see of the programs that share threads has not changed: objects, columns and exit codes.

RECORD=1 writes the files anew, with the programs that are tested. What they held before is to be
compared by hand, and what changed belongs into CHANGELOG.md.
"""
import signal

import pytest

import programs
import remotes
import seeds
from every_tool import ID, NO_ID, fail_with_every_tool, use_every_tool


@pytest.fixture
def remote(request, outside, tmp_path):
    remote = remotes.KINDS[getattr(request, "param", "file")](tmp_path)
    outside.names = {remote.url: "<url>"} | outside.names
    remote.bare.set_branch(remote.bare.commit(seeds.threads()))
    yield remote
    remote.close()


@pytest.fixture
def machine(tmp_path, remote):
    """Makes machines that share threads through the remote."""
    def machine(name, agent="Claude"):
        place = programs.Place(tmp_path / name, agent, WATERCOOLER_GIT_REPO=remote.url,
                               WATERCOOLER_FRESH="0.001", WATERCOOLER_TIMEOUT="30")
        place.name = name
        return place
    return machine


def test_shared_writing(outside, machine):
    here, there = machine("here"), machine("there", "Codex")
    for options in (["--json"], []):
        number = 10 if options else 20
        def call(*arguments, place=here):
            outside.wc(place, *arguments, *options)
        call("say", "plan", "-m", "Shall we?", "--entry-id", ID.format(number))
        call("say", "plan", "-m", "Not yet", "--role", "critic", place=there)
        # Others pushed meanwhile.
        call("say", "plan", "-m", "Shall we now?", "--require-push")
        call("say", "plan", "-m", "Shall we?", "--entry-id", ID.format(number))
        call("ack", "plan", place=there)
        call("handoff", "plan", "Codex", "-m", "Yours", "--require-push")
        call("status", "plan", "in-progress", "--require-push")
        call("status", "plan", "in-progress")
        call("status", "plan", "in-progress", "--require-push")
        call("ball", "plan", "Claude", place=there)
        call("set-ball", f"new-{number}", "codex")
        call("init-thread", f"third-{number}", "--ball", "Codex")
        call("say", "plan", "-m", "If", "--if-ball", "claude")
        call("say", "plan", "-m", "If", "--if-ball", "Nobody")
        call("ack", "plan", "--expect", NO_ID)
        call("handoff", "plan", "--if-ball", "Nobody", "--require-push")
        call("say", "plan", "-m", "Another body", "--entry-id", ID.format(number))
        call("sync")
        call("sync", "--quiet")
        call("outbox")


def test_shared_reading(outside, machine):
    here, there = machine("here"), machine("there", "Codex")
    outside.wc(there, "say", "plan", "-m", "One", "--ball", "Claude")
    for options in (["--json"], []):
        def call(*arguments, **variables):
            return outside.wc(here, *arguments, *options, **variables)
        call("list")
        call("list", "--open")
        call("list", "--closed")
        call("read", "plan")
        outside.wc(there, "say", "plan", "-m", "Two", "--ball", "Claude")
        call("read", "plan", "--last", "1")
        call("search", "deadline", "--limit", "3")
        outside.wc(there, "say", "plan", "-m", "Three", "--ball", "Claude")
        call("updates", "--topic", "plan")
        call("updates", "--topic", "plan")
        call("updates", "--since", "2026-01-07T00:00:00Z", "--topic", "yours")
        call("wait", "--ball", "me", "--timeout", "1s")
        call("wait", "plan", "--timeout", "1s")
        call("log")
        call("log", "plan", "--limit", "1")
        call("outbox")
        call("whoami")
        call("config", "--show")
        call("reindex")
        call("web-export")
        call("doctor")
        call("unlock", "plan")
        call("stats")
    outside.wc(here, "stats", "--prometheus")
    cursor = outside.json(here, "updates", "--as", "Gemini")["updates"]["next_cursor"]
    outside.wc(there, "say", "plan", "-m", "Four", "--ball", "Claude")
    outside.json(here, "updates", "--as", "Gemini", "--since", cursor)


def test_shared_tools(outside, machine):
    here, there = machine("here"), machine("there", "Codex")
    with outside.server(here) as call, outside.server(there) as call_there:
        use_every_tool(call)
        fail_with_every_tool(call)
        call_there("say", topic="plan", title="Done", body="All of it", ball="Claude")
        call("sync")
        call("sync")
        call("wait", topic="plan", timeout_s=1)
        call("wait", topic="plan", timeout_s=1)
        cursor = call("list_updates", topics=["plan"], agent="Gemini")["next_cursor"]
        call_there("ack", topic="plan")
        call("list_updates", agent="Gemini", since=cursor)
        call("health")


@pytest.mark.parametrize("remote", ["file", "http"], indirect=True)
def test_shared_away(outside, machine, remote):
    here = machine("here")
    outside.wc(here, "say", "plan", "-m", "Shall we?", "--entry-id", ID.format(10))
    remote.go_away()
    for options in (["--json"], []):
        number = 20 if options else 30
        def call(*arguments):
            return outside.wc(here, *arguments, *options)
        call("say", "plan", "-m", "Queued", "--entry-id", ID.format(number + 1))
        call("say", "plan", "-m", "Kept", "--require-push", "--entry-id", ID.format(number + 2))
        call("ack", "plan", "--require-push")
        call("handoff", "plan", "Codex")
        call("status", "plan", "in-progress")
        call("status", "plan", "closed", "--require-push")
        call("ball", "plan", "Claude", "--require-push")
        call("init-thread", f"new-{number}")
        call("say", "plan", "-m", "If", "--if-ball", "Claude")
        call("say", "plan", "-m", "If", "--expect", NO_ID)
        call("list")
        call("read", "plan")
        call("search", "queued")
        call("updates", "--topic", "yours")
        call("wait", "plan", "--timeout", "1s")
        call("log", "--limit", "3")
        call("outbox")
        call("outbox", "drop", ID.format(number + 1))
        call("outbox", "drop", NO_ID)
        call("outbox", "drop", "x")
        call("sync")
        call("sync", "--quiet")
        call("stats")
        call("whoami")
        call("doctor")
    outside.wc(here, "stats", "--prometheus")
    with outside.server(here) as call:
        call("say", topic="plan", title="Queued", body="x")
        call("say", topic="plan", title="If", body="x", if_ball="Codex")
        call("set_status", topic="plan", status="open")
        call("read_thread", topic="yours")
        call("list_threads", limit=1)
        call("list_updates", topics=["waiting"])
        call("wait", topic="plan", timeout_s=1)
        call("search", query="queued")
        call("reindex", open_only=True)
        call("sync")
        call("health")
    stranger = machine("stranger")
    for arguments in (["list"], ["say", "plan", "-m", "x"], ["sync"], ["init"]):
        outside.json(stranger, *arguments)
    with outside.server(stranger) as call:
        for tool in ("list_threads", "sync", "health"):
            call(tool)
        call("say", topic="plan", title="x", body="x")
    remote.come_back()
    outside.json(here, "sync")
    outside.json(here, "outbox")


def test_shared_refused(outside, machine, remote):
    here = machine("here")
    outside.wc(here, "say", "plan", "-m", "Shall we?", "--ball", "Claude")
    hook = remote.bare.hook("pre-receive", "#!/bin/sh\necho No more of this.\nexit 1\n")
    for options in (["--json"], []):
        number = 10 if options else 20
        def call(*arguments):
            return outside.wc(here, *arguments, *options)
        call("say", "plan", "-m", "Blocked", "--entry-id", ID.format(number))
        call("ack", "plan", "--require-push")
        call("status", "plan", "closed", "--require-push")
        call("say", "plan", "-m", "If", "--if-ball", "Nobody")
        call("say", "plan", "-m", "If", "--if-ball", "Codex")
        call("list", "--mine")
        call("read", "plan", "--last", "1")
        call("outbox")
        call("sync")
        call("sync", "--quiet")
        call("doctor")
    with outside.server(here) as call:
        call("say", topic="plan", title="Blocked", body="x")
        call("sync")
        call("health")
    hook.unlink()
    outside.json(here, "sync")


def test_shared_damage(outside, machine, remote):
    files = seeds.threads() | {"damaged.md": seeds.DAMAGED}
    remote.bare.set_branch(remote.bare.commit(files, parent=remote.bare.tip))
    here = machine("here")
    for options in (["--json"], []):
        for arguments in (["list"], ["read", "damaged"], ["say", "damaged", "-m", "x"],
                          ["say", "damaged", "-m", "x", "--if-ball", "Codex"],
                          ["status", "damaged", "closed", "--require-push"], ["sync"], ["doctor"]):
            outside.wc(here, *arguments, *options)


def test_sharing(outside, machine, remote, tmp_path):
    """Each way to begin, and the same a second time."""
    here = machine("here")
    for name in ("WATERCOOLER_GIT_REPO", "WATERCOOLER_DIR"):
        del here.environment[name]
    made = tmp_path / "made"
    notes = made / "notes"
    for directory, options in (("clone", []), ("branch", ["--branch", "other"]),
                               ("path", ["--path", "some/threads"])):
        for _ in range(2):
            outside.json(here, "init", remote.url, "--dir", str(made / directory), *options)
    outside.wc(here, "init", "--dir", str(notes))
    outside.wc(here, "say", "imported", "--dir", str(notes), "-m", "Before")
    outside.json(here, "init", remote.url, "--dir", str(notes), "--import")
    project = made / "project"
    for words in (["init", "-q", "-b", "main", str(project)],
                  ["-C", str(project), "remote", "add", "origin", remote.url]):
        remote.bare.git(*words)
    here.work = project
    outside.json(here, "init", "--branch", "watercooler")
    outside.json(here, "init", "--branch", "watercooler")
    outside.json(here, "say", "plan", "-m", "On the branch")
    outside.json(here, "init", "--branch", "watercooler", "--dir", str(made / "clone"))
    for arguments in (["init", remote.url + "-not", "--dir", str(made / "none")],
                      ["init", "--path", "x"], ["init", "--import"], ["init", "x", "y"],
                      ["init", "-x"]):
        outside.json(here, *arguments)


def test_what_goes_on(outside, machine):
    here, there = machine("here"), machine("there", "Codex")
    outside.wc(there, "say", "plan", "-m", "One")
    outside.wc(here, "list")
    with outside.running(here, "read", "plan", "--follow", "--json", signal=signal.SIGINT,
                         WATERCOOLER_POLL="0.2") as next_line:
        next_line()
        outside.wc(there, "say", "plan", "-m", "Two")
        next_line()
    with outside.running(here, "sync", "--watch", "1", "--json", signal=signal.SIGINT) as next_line:
        outside.wc(there, "say", "plan", "-m", "Three")
        next_line()
