"""The remotes that clones are made of: over file://, ssh and http, each stoppable without a trace.

A remote has a `url`, the `settings` (environment) with which the programs reach it, and `go_away`
and `come_back`. Over the network there is a `proxy` in between; it is the network that goes away.
"""
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import programs
from bare import PLAIN, Bare
from http_remote import HTTPServer
from programs import eventually
from proxy import Proxy

ODD = """re po's "threads".git"""
SSHD_CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey "{place}/host_key"
PidFile none
AuthorizedKeysFile "{place}/authorized_keys"
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 200
LogLevel ERROR
SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 {environment}
"""


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_running(pid):
    """Whether a process does more than wait for its parent to take notice of its end."""
    state = programs.call("ps", "-o", "stat=", "-p", pid, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def descendants(pid):
    """The children of a process, theirs, and so on."""
    listing = programs.call("ps", "-A", "-o", "pid=,ppid=", text=True, code=0).stdout
    children = {}
    for line in listing.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, waiting = [], [pid]
    while waiting:
        waiting += (more := children.get(waiting.pop(), []))
        found += more
    return found


def stop(process):
    """Ends a process and all that came of it: a server's connections are sessions of their own."""
    family = descendants(process.pid)
    process.terminate()
    process.wait(programs.PATIENCE)
    for pid in family:
        try:
            os.kill(pid, 9)
        except ProcessLookupError:
            pass


class FileRemote:
    """A directory; it goes away by another name."""

    kind = "file"
    proxy = None

    def __init__(self, directory, branch="main"):
        self.bare = Bare(directory / "remote" / "threads.git", branch)
        self.url = self.bare.directory.as_uri()
        self.settings = {}
        self._away = self.bare.directory.with_name("away.git")

    def go_away(self):
        self.bare.directory.rename(self._away)

    def come_back(self):
        self._away.rename(self.bare.directory)

    def close(self):
        if self._away.exists():
            self.come_back()


class NetworkRemote:
    """A server behind a proxy."""

    def go_away(self):
        self.proxy.tell("refuse")

    def come_back(self):
        self.proxy.tell("accept")


def make_key(path):
    """A key pair without a passphrase; the public half is beside it."""
    path.parent.mkdir(exist_ok=True)
    programs.call(
        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path, code=0)
    return path


class SSHServer:
    """A real sshd on loopback, with keys and a configuration of its own; needs no privileges."""

    def __init__(self, environment=""):
        """`environment` is what it sets for whatever it runs, as its configuration has it."""
        # Short, and of our own choice: sshd reads its configuration word by word.
        self.place = Path(tempfile.mkdtemp(prefix="sshd-"))
        make_key(self.place / "host_key")
        self._keys = self.place / "authorized_keys"
        self._keys.touch()
        self.process, self.port = self._start(environment)

    def authorize(self, line):
        """Adds a line of `authorized_keys`."""
        with self._keys.open("a") as keys:
            keys.write(line.rstrip("\n") + "\n")

    def known_host(self, port):
        """The line of `known_hosts` for who reaches it through a port."""
        return f"[127.0.0.1]:{port} {(self.place / 'host_key.pub').read_text()}"

    def _start(self, environment):
        program = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        assert program, "there is no sshd; scripts/test installs it where it may"
        if os.geteuid() == 0:
            # sshd of root wants an empty directory that is compiled in.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        port = free_port()
        config = self.place / "sshd_config"
        text = SSHD_CONFIG.format(port=port, place=self.place, environment=environment)
        # Newer servers turn away who fails to authenticate a few times, which is what tests do.
        config.write_text(text + "PerSourcePenalties no\n")
        if programs.call(program, "-t", "-f", config).returncode:
            config.write_text(text)
        with open(self.place / "log", "wb") as log:
            server = subprocess.Popen(
                [program, "-D", "-e", "-f", str(config)], env=PLAIN, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        eventually(lambda: server.poll() is not None or is_listening(port), "sshd")
        assert server.poll() is None, (self.place / "log").read_text()
        return server, port

    def close(self):
        stop(self.process)
        shutil.rmtree(self.place)


class SSHRemote(NetworkRemote):
    """A repository behind a real sshd."""

    kind = "ssh"

    def __init__(self, directory, branch="main", delay=0, name=ODD, takes_protocol=False):
        """`takes_protocol`: the server lets a client ask for git's protocol 2, which by default it does not."""
        self.bare = Bare(directory / "remote" / name, branch)
        self.server = SSHServer("\nAcceptEnv GIT_PROTOCOL" if takes_protocol else "")
        self.key = make_key(directory / "deploy key's" / 'the "key"')
        self.server.authorize(Path(f"{self.key}.pub").read_text())
        self.proxy = Proxy(self.server.port, delay)
        self.known_hosts = directory / "known hosts"
        self.known_hosts.write_text(self.server.known_host(self.proxy.port))
        path = quote(str(self.bare.directory), safe="/ '")
        self.url = f"ssh://{getpass.getuser()}@127.0.0.1:{self.proxy.port}{path}"
        self.settings = {"WATERCOOLER_GIT_SSH_KEY": str(self.key),
                         "WATERCOOLER_GIT_KNOWN_HOSTS": str(self.known_hosts)}

    def close(self):
        self.proxy.close()
        self.server.close()


class HTTPRemote(NetworkRemote):
    """`git http-backend` behind a small server; with a token, only for who knows it."""

    kind = "http"

    def __init__(self, directory, branch="main", delay=0, token=None):
        self.bare = Bare(directory / "remote" / "threads.git", branch)
        self.server = HTTPServer(self.bare.directory.parent, token)
        self.proxy = Proxy(self.server.port, delay)
        self.url = f"http://127.0.0.1:{self.proxy.port}/threads.git"
        self.settings = {}
        if token:
            file = directory / "to ken's file"
            file.write_text(token + "\n")
            file.chmod(0o600)
            self.settings["WATERCOOLER_GIT_TOKEN_FILE"] = str(file)

    def close(self):
        self.proxy.close()
        self.server.close()


KINDS = {"file": FileRemote, "ssh": SSHRemote, "http": HTTPRemote}
