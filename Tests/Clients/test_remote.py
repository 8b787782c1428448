"""A team's threads on one machine behind sshd, set up as `examples/remote` says."""
import getpass
import json
import shlex
import socket
from pathlib import Path

import pytest

import programs
import sdk
from awaiting import asynchronous
from programs import TOOLS, eventually
from remotes import SSHServer, descendants, free_port, make_key
from schemas import HANDSHAKE, STATELESS
from wire import Server

EXAMPLE = programs.ROOT / "examples" / "remote"


class Machine:
    """The machine, whose account has the lines of the example."""

    def __init__(self, place):
        self.place = place
        # The account is that of whoever runs the tests, but for its home.
        self.server = SSHServer(f'"HOME={place.home}"')
        self.known_hosts = place.home / "known_hosts"
        self.known_hosts.write_text(self.server.known_host(self.server.port))
        self.keys = {}
        for line in (EXAMPLE / "authorized_keys").read_text().splitlines()[1:]:
            person = "alice" if "AAAA-ALICE" in line else "bob"
            self.keys[person] = make_key(place.home / f"{person}'s key")
            public = Path(f"{self.keys[person]}.pub").read_text().split()[1]
            # sshd starts it in the account's real home, which is none of a test's business.
            line = line.replace(
                "/usr/local/bin/watercooler-mcp",
                f"cd {shlex.quote(str(place.home))} && exec {shlex.quote(str(programs.SERVER))}")
            self.server.authorize(line.replace(f"AAAA-{person.upper()}", public))

    def command(self, person, *options):
        """What the client's configuration has a person's client start, in our places."""
        configuration = json.loads((EXAMPLE / "mcp.json").read_text())
        entry = configuration["mcpServers"]["watercooler"]
        assert entry["command"] == "ssh"
        arguments = [str(self.keys[person]) if "/.ssh/" in one else one
                     for one in entry["args"][:-1]]
        return ["ssh", "-F", "none", "-p", str(self.server.port), *arguments,
                "-o", f'UserKnownHostsFile="{self.known_hosts}"', *options,
                f"{getpass.getuser()}@127.0.0.1"]

    def ssh(self, person, *words, options=()):
        """What comes of a connection to which nothing is said."""
        return self.place.call(*self.command(person, *options), *words)

    def running(self):
        """The servers that run."""
        return [pid for pid in descendants(self.server.process.pid) if name_of(pid) == "watercooler-mcp"]


def name_of(pid):
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode()
        return Path(command).name
    except FileNotFoundError:
        return None


@pytest.fixture
def machine(place):
    # Nothing that the client sets here is for the server there.
    place.environment |= {"WATERCOOLER_AGENT": "Mallory", "WATERCOOLER_DIR": "/nowhere"}
    machine = Machine(place)
    yield machine
    eventually(lambda: not machine.running(), "the end of the servers")
    machine.server.close()


@asynchronous
async def test_two_agents_talk_through_it(machine):
    place = machine.place
    async with sdk.connected(place, "auto", *machine.command("alice")) as alice, \
            sdk.connected(place, "legacy", *machine.command("bob")) as bob:
        assert alice.opening["serverInfo"]["name"] == "watercooler"
        assert len(await bob.tools()) == len(TOOLS)
        said = await alice.done("say", topic="plan", title="One", body="Shall we?", ball="Codex")
        assert said["written"] is True
        [news] = (await bob.done("list_updates"))["threads"]
        assert (news["topic"], news["entries"][0]["body"]) == ("plan", "Shall we?")
        await bob.done("say", topic="plan", title="Two", body="Yes.")
        read = await alice.done("read_thread", topic="plan")
        assert [entry["agent"] for entry in read["entries"]] == ["Claude (alice)", "Codex (bob)"]
    assert (place.home / ".watercooler" / "threads" / "plan.md").exists()


@pytest.mark.parametrize("revision", [HANDSHAKE[-1], STATELESS])
def test_it_signs_as_the_agent_of_the_line_and_as_no_other(machine, shared_data, revision):
    options = ["-o", "SetEnv=WATERCOOLER_AGENT=Mallory WATERCOOLER_AGENT_LOCK=0"]
    with Server(machine.place, shared_data, revision,
                command=machine.command("alice", *options)) as server:
        server.open()
        assert "Claude (alice)" in server.text("whoami")
        for other in ("Codex", "Codex (bob)", "Claude (bob)"):
            refused = server.failure("say", topic="plan", title="t", body="b", agent=other)
            assert "Written: no" in refused and "Only Claude (alice)" in refused
        server.text("say", topic="plan", title="t", body="mine", agent="claude")
        [entry] = json.loads(server.text("read_thread", topic="plan", format="json"))["entries"]
        assert (entry["agent"], entry["body"]) == ("Claude (alice)", "mine")


def test_nothing_else_can_be_run(machine, tmp_path):
    file = tmp_path / "made"
    for words in (["touch", str(file)], [f"touch {file}; true"], ["cat", "/etc/passwd"],
                  [f"{programs.SERVER} --version"]):
        done = machine.ssh("alice", *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert not file.exists()
    done = machine.ssh("alice", "sftp", options=["-s"])
    assert done.stdout == b""


def test_there_is_no_terminal_and_no_way_through(machine):
    # The last -T or -t counts.
    done = machine.ssh("alice", options=["-tt"])
    assert b"PTY allocation request failed" in done.stderr
    with socket.socket() as inside:
        inside.bind(("127.0.0.1", 0))
        inside.listen()
        port = inside.getsockname()[1]
        done = machine.ssh("alice", options=["-W", f"127.0.0.1:{port}"])
        assert done.returncode != 0 and b"prohibited" in done.stderr
    done = machine.ssh("alice", options=[
        "-o", "ExitOnForwardFailure=yes", "-R", f"{free_port()}:127.0.0.1:{port}"])
    assert done.returncode != 0 and b"remote port forwarding failed" in done.stderr


def test_a_key_without_a_line_gets_nothing(machine):
    machine.keys["mallory"] = make_key(machine.place.home / "mallory's key")
    done = machine.ssh("mallory")
    assert done.returncode == 255 and b"Permission denied" in done.stderr


def test_what_was_asked_by_a_client_that_is_gone_is_done(machine, shared_data):
    server = Server(machine.place, shared_data, STATELESS, command=machine.command("alice"))
    assert server.text("whoami")
    server.send({"jsonrpc": "2.0", "id": "last", "method": "tools/call", "params": server.told({
        "name": "watercooler_v1_say",
        "arguments": {"topic": "plan", "title": "t", "body": "my last words"}})})
    written = machine.place.home / ".watercooler" / "threads" / "plan.md"
    eventually(lambda: written.exists(), "the write")
    server.kill()
    eventually(lambda: not machine.running(), "the end of the server")
    assert "my last words" in written.read_text()
