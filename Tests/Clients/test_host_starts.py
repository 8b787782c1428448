"""`wc mcp test`: the server that a client's file names, started as that client starts it."""
import json
import os
import shlex
import sys
import tomllib

import pytest
from mcp.client.stdio import get_default_environment

import programs
from remotes import is_running
from test_hosts import FILES, Home, key

# What the SDKs pass on, and what Codex does beside.
LISTED = {"HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"}
CODEX = LISTED | {"LANG", "LC_ALL", "TMPDIR", "TZ"}
AGENTS = {"claude-desktop": "Claude", "claude-code": "Claude", "codex": "Codex",
          "cursor": "Cursor", "vscode": "Copilot", "gemini": "Gemini"}
OWN = {
    "LOGNAME": "alice", "USER": "alice", "SHELL": "/bin/sh", "TERM": "dumb", "LANG": "C", "LC_ALL": "C",
    "TMPDIR": "/tmp", "TZ": "UTC", "SSH_AUTH_SOCK": "/nowhere", "WATERCOOLER_GIT_TOKEN_FILE": "/no",
    "GITHUB_TOKEN": "secret", "WATERCOOLER_ROLE": "critic",
}


@pytest.fixture(params=FILES)
def home(request, place):
    del place.environment["WATERCOOLER_AGENT"]
    return Home(place, request.param)


def write_entry(home, **entry):
    if home.client == "codex":
        lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items() if name != "env"]
        lines += [f"env.{name} = {json.dumps(value)}" for name, value in entry.get("env", {}).items()]
        home.write("[mcp_servers.watercooler]\n" + "\n".join(lines) + "\n")
        tomllib.loads(home.text())
    else:
        home.write(json.dumps({key(home.client): {"watercooler": entry}}))


def script(home, text):
    """A program of our own in the server's place."""
    return str(programs.write_program(home.place.home / "server", f"#!/bin/sh\n{text}\n"))


def failure(home):
    done = home.run("test")
    assert (done.returncode, done.stdout) == (1, ""), done
    return done.stderr


def test_what_was_installed_starts_and_says_who_and_where(home):
    home.install()
    done = home.run("test")
    assert (done.returncode, done.stderr) == (0, ""), done
    agent = AGENTS[home.client]
    for line in [f"agent: {agent} (alice) (the client's name)", "nothing needs a repair",
                 f"threads: {home.place.threads} (environment variable WATERCOOLER_DIR)"]:
        assert line in done.stdout.splitlines(), done.stdout
    assert f", {home.file}\n" in done.stdout and f"started: {programs.SERVER} in /" in done.stdout


def test_json_says_the_same(home):
    home.install()
    told = home.json("test")
    assert told["client"] == home.client and told["path"] == str(home.file)
    assert told["command"] == str(programs.SERVER) and told["args"] == []
    assert told["server"]["name"] == "watercooler" and told["protocol"] == "2025-11-25"
    assert told["tools"] >= 11 and told["fine"] is True and told["start_ms"] >= 0
    assert told["whoami"]["signature"] == f"{AGENTS[home.client]} (alice)"
    assert told["health"]["findings"] == [] and told["whoami"]["dir"] == str(home.place.threads)
    assert {"WATERCOOLER_DIR", "WATERCOOLER_USER", "PATH"} <= set(told["variables"])


def test_it_gets_the_environment_and_directory_that_the_client_gives(home):
    home.place.environment.update(OWN)
    seen = home.place.home / "seen"
    program = script(home, f"{{ pwd; env; }} >{shlex.quote(str(seen))}; exec {programs.SERVER}")
    write_entry(home, command=program, env={"MINE": "1", "TERM": "mine"})
    done = home.run("test")
    assert done.returncode == 0, done.stderr
    directory, *lines = seen.read_text().splitlines()
    # The shell has these of its own.
    variables = {line.split("=", 1)[0] for line in lines} - {"PWD", "OLDPWD", "_", "SHLVL"}
    own = set(home.place.environment)
    secret = {"SSH_AUTH_SOCK", "WATERCOOLER_GIT_TOKEN_FILE", "GITHUB_TOKEN"}
    wanted = {"claude-desktop": LISTED, "cursor": LISTED, "codex": CODEX,
              "claude-code": own | {"CLAUDE_PROJECT_DIR"}, "vscode": own,
              "gemini": own - secret | {"GEMINI_CLI"}}[home.client]
    assert variables == wanted | {"MINE"}
    assert "TERM=mine" in lines and "MINE=1" in lines
    assert directory == ("/" if home.client == "claude-desktop" else os.path.realpath(home.place.home))
    if home.client == "claude-code":
        assert f"CLAUDE_PROJECT_DIR={home.directory}" in lines


def test_the_sdk_passes_on_what_we_say_it_does(place, monkeypatch):
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in (place.environment | OWN).items():
        monkeypatch.setenv(name, value)
    place.environment.update(OWN)
    home = Home(place, "claude-desktop")
    write_entry(home, command=str(programs.SERVER))
    told = home.json("test")
    assert told["variables"] == sorted(get_default_environment())


def test_a_directory_in_the_entry_counts_where_the_client_heeds_it(home):
    other = home.place.home / "other"
    other.mkdir()
    write_entry(home, command=str(programs.SERVER), cwd=str(other))
    told = home.json("test")
    heeds = home.client in ("codex", "vscode", "gemini")
    assert (told["cwd"] == str(other)) == heeds


def test_variables_in_the_entry_are_filled_in_where_the_client_does(place):
    for client, name in [("claude-code", "${HOME}"), ("gemini", "$HOME"), ("vscode", "${userHome}"),
                         ("cursor", "${env:HOME}")]:
        home = Home(place, client)
        write_entry(home, command=str(programs.SERVER), env={"WATERCOOLER_DIR": f"{name}/here"})
        told = home.json("test")
        assert told["whoami"]["dir"] == f"{place.home}/here"
    write_entry(home, command=str(programs.SERVER), env={"A": "${input:key}"})
    assert "${input:key} is something that only Cursor can fill in" in failure(home)


def test_codex_passes_on_what_the_entry_names(place):
    home = Home(place, "codex")
    write_entry(home, command=str(programs.SERVER), env_vars=["WATERCOOLER_USER", "GONE"])
    place.environment["WATERCOOLER_USER"] = "carol"
    told = home.json("test")
    assert told["whoami"]["person"] == "carol" and "GONE" not in told["variables"]


def test_a_project_is_tried_in_its_directory(place):
    home = Home(place, "cursor", project=True)
    home.install()
    told = home.json("test")
    assert told["scope"] == "project" and told["cwd"] == os.path.realpath(home.directory)


def test_what_needs_a_repair_fails_the_test(home):
    home.install()
    home.place.threads.mkdir()
    home.place.file("broken").write_text("---\nformat: 1\ntopic: broken\n")
    done = home.run("test")
    assert done.returncode == 1 and "needs a repair: 'broken'" in done.stdout


def test_nothing_installed_is_said(home):
    said = failure(home)
    assert said == (f"error: 'watercooler' is not in {home.file}\n"
                    f"hint: 'wc mcp install {home.client}' puts it there\n")
    home.write("" if home.client == "codex" else "{}")
    assert failure(home) == said


@pytest.mark.parametrize("entry", [{"disabled": True}, {"enabled": False}])
def test_what_is_switched_off_is_said(entry, place):
    for client in ("codex", "cursor"):
        home = Home(place, client)
        write_entry(home, command=str(programs.SERVER), **entry)
        assert f"'watercooler' is switched off in {home.file}" in failure(home)


def test_a_missing_command_is_said(home):
    write_entry(home, command="/nowhere/watercooler-mcp")
    assert "error: no program at /nowhere/watercooler-mcp\nhint: 'wc mcp install'" in failure(home)
    write_entry(home, command="watercooler-mcp-of-nobody")
    assert "there is no 'watercooler-mcp-of-nobody' in the PATH" in failure(home)
    write_entry(home, args=[])
    assert '"command" is missing' in failure(home)


def test_a_command_that_is_no_program_is_said(home):
    program = script(home, "")
    os.chmod(program, 0o644)
    write_entry(home, command=program)
    assert f"error: {program} is not a program that can be run" in failure(home)


def test_rubbish_on_stdout_is_shown(home):
    write_entry(home, command=script(home, f"echo Welcome; exec {programs.SERVER}"))
    assert "error: the server printed what is no message: Welcome\n" in failure(home)


def test_an_early_end_is_shown_with_what_was_said(home):
    write_entry(home, command=script(home, "echo first >&2; echo 'no libfoo ghp_0123456' >&2; exit 3"))
    assert failure(home) == ("error: the server ended with exit code 3 before it answered initialize: "
                             "first; no libfoo ghp_***\n")
    write_entry(home, command=script(home, "kill -9 $$"))
    assert "killed by signal 9 before it answered initialize, and said nothing" in failure(home)


@pytest.mark.parametrize("client, limit", [
    ("codex", {"startup_timeout_sec": 1.5}), ("gemini", {"timeout": 1500})])
def test_an_answer_that_does_not_come_in_time_is_said(client, limit, place):
    home = Home(place, client)
    pid = place.home / "pid"
    write_entry(home, command=script(home, f"echo $$ >{pid}; echo thinking >&2; exec sleep 600"), **limit)
    assert failure(home) == (
        "error: the server did not answer initialize within 1.5 s: thinking\n"
        "hint: that is as long as the client waits\n")
    programs.eventually(lambda: not is_running(pid.read_text().strip()), "its end")


def test_a_server_that_does_not_end_is_said(place):
    home = Home(place, "codex")
    write_entry(home, command=script(home, f"{programs.SERVER}; exec sleep 600"))
    assert "error: the server goes on when its input is closed" in failure(home)


def test_answers_are_told_from_what_comes_between(place):
    """A server of another make, which sends notifications and requests of its own."""
    server = place.home / "server.py"
    server.write_text("""
import json, sys
def send(**message):
    print(json.dumps({"jsonrpc": "2.0"} | message), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    send(method="notifications/message", params={})
    send(id=message.get("id", 0), method="roots/list")
    print(flush=True)
    if message["method"] == "initialize":
        send(id=message["id"], result={"protocolVersion": "x", "serverInfo": {"name": "other"}})
    elif message["method"] == "tools/list":
        send(id=message["id"], result={"tools": [{}, {}]})
    elif "id" in message:
        send(id=message["id"], error={"code": -32601, "message": "no such tool"})
""")
    home = Home(place, "vscode")
    write_entry(home, command=sys.executable, args=[str(server)])
    assert failure(home) == "error: the server refused tools/call: no such tool\n"
