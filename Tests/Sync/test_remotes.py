"""The remotes and the proxy do what the tests believe they do; only git is tried here."""
import os
import shlex
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

import remotes
from bare import Gate, git
from programs import eventually
from remotes import descendants, is_listening


def plain_git_settings(remote):
    if remote.kind != "ssh":
        return {}
    options = ["-i", str(remote.key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
               "-o", f'UserKnownHostsFile="{remote.known_hosts}"']
    return {"GIT_SSH_COMMAND": shlex.join(["ssh", *options])}


@pytest.fixture(params=remotes.KINDS)
def remote(request, tmp_path):
    remote = remotes.KINDS[request.param](tmp_path)
    yield remote
    remote.close()
    if remote.proxy:
        assert not is_listening(remote.proxy.port)


@pytest.fixture
def clone(remote, tmp_path):
    remote.bare.set_branch(remote.bare.commit({"a.md": "one\n"}))
    git("clone", "--quiet", remote.url, str(tmp_path / "clone"),
        environment=plain_git_settings(remote))

    def run(*arguments):
        return git(*arguments, directory=tmp_path / "clone",
                   environment=plain_git_settings(remote))
    run("commit", "--quiet", "--allow-empty", "-m", "two")
    return run


def test_a_push_arrives_and_is_written_down(remote, clone):
    before = remote.bare.tip
    clone("push", "--quiet")
    assert remote.bare.shown() == [before, clone("rev-parse", "HEAD").decode().strip()]
    assert remote.bare.files(remote.bare.tip) == {"a.md": b"one\n"}


def test_what_has_gone_away_comes_back(remote, clone):
    remote.go_away()
    with pytest.raises(AssertionError, match="git push"):
        clone("push", "--quiet")
    remote.come_back()
    clone("push", "--quiet")


def test_the_proxy_counts_and_delays(tmp_path):
    remote = remotes.HTTPRemote(tmp_path, delay=5)
    try:
        remote.bare.set_branch(remote.bare.commit({"a.md": "one\n"}))
        git("ls-remote", remote.url)
        counts = remote.proxy.tell("count")
        assert counts["connections"] == 1 and counts["up"] > 100 and counts["down"] > 100
        assert remote.proxy.tell("reset") == {"connections": 0, "up": 0, "down": 0}
        with pytest.raises(AssertionError, match="no command"):
            remote.proxy.tell("dance")
    finally:
        remote.close()


@pytest.mark.parametrize("kind", ["ssh", "http"])
@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_push_is_cut_where_it_is_meant_to_be(kind, is_accepted, tmp_path):
    remote = remotes.KINDS[kind](tmp_path)
    try:
        first = remote.bare.commit({"a.md": "one\n"})
        remote.bare.set_branch(first)
        gate = Gate(remote.bare, is_accepted)
        copy = tmp_path / "clone"
        git("clone", "--quiet", remote.url, str(copy), environment=plain_git_settings(remote))
        git("commit", "--quiet", "--allow-empty", "-m", "two", directory=copy)
        with ThreadPoolExecutor(1) as pool:
            push = pool.submit(git, "push", "--quiet", directory=copy,
                               environment=plain_git_settings(remote))
            eventually(lambda: gate.is_reached)
            # Not only cut: curl tries a kept connection that died once more.
            remote.go_away()
            with pytest.raises(AssertionError, match="git push"):
                push.result()
        gate.open(1)
        assert (remote.bare.tip != first) == is_accepted
    finally:
        remote.close()


def test_a_proxy_ends_while_nothing_passes(tmp_path):
    remote = remotes.HTTPRemote(tmp_path)
    remote.proxy.tell("stall")
    with socket.create_connection(("127.0.0.1", remote.proxy.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        eventually(lambda: remote.proxy.tell("count")["up"])
        remote.close()


def test_sshd_leaves_no_process(tmp_path):
    remote = remotes.SSHRemote(tmp_path)
    family = [remote.server.process.pid, *descendants(remote.server.process.pid)]
    place = remote.server.place
    remote.close()
    assert not place.exists()
    for pid in family:
        assert not is_running(pid)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
