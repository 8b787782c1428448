"""The ways to a remote: what works over each, and what is said when it does not."""
import os
import shlex

import pytest

import checks
from clones import at_once
from remotes import make_key

@pytest.mark.parametrize("kind", ["file", "ssh", "http"])
def test_what_one_says_another_reads(make_world, kind):
    world = make_world(kind)
    here, there = world.clone(), world.clone()
    first = here.say("plan", world.body())
    assert first["commit"] == world.remote.bare.tip and first["attempts"] == 1
    assert there.read("plan")["entries"][0]["entry_id"] == first["entry_id"]
    second = there.say("plan", world.body())
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    assert [entry["entry_id"] for entry in here.read("plan")["entries"]] == \
        [first["entry_id"], second["entry_id"]]


@pytest.mark.parametrize("kind", ["ssh", "http"])
def test_many_write_over_the_network(make_world, share, kind):
    world = make_world(kind)
    clones = [world.clone() for _ in range(4)]
    entries = share(10)

    def work(clone):
        for _ in range(entries):
            clone.say("plan", world.body())

    at_once(*[lambda clone=clone: work(clone) for clone in clones * 2])


def test_init_makes_a_clone_that_needs_no_variables(make_world):
    world = make_world("ssh")
    world.clone().say("plan", world.body())
    clone = world.clone()
    del clone.environment["WATERCOOLER_GIT_REPO"], clone.environment["WATERCOOLER_DIR"]
    clone.wc("init", world.remote.url, "--dir", str(clone.threads))
    clone.environment["WATERCOOLER_DIR"] = str(clone.threads)
    clone.say("plan", world.body())
    assert clone.read("plan")["entry_count"] == 2


# Ssh

@pytest.fixture
def ssh_world(make_world):
    return make_world("ssh")


def connections(world, clone, count):
    """How many connections so many commands make."""
    clone.say("plan", world.body())
    world.remote.proxy.tell("reset")
    for _ in range(count):
        clone.say("plan", world.body())
        checks.check_locks_are_free(clone)
    return world.remote.proxy.tell("count")["connections"]


def test_a_connection_is_shared(ssh_world):
    clone = ssh_world.clone()
    assert connections(ssh_world, clone, 3) <= 1
    sockets = [path for path in clone.home.rglob("*") if path.is_socket()]
    for socket in sockets:
        assert socket.parent.stat().st_mode & 0o77 == 0


def test_a_connection_is_not_shared_when_that_is_switched_off(ssh_world):
    clone = ssh_world.clone()
    clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    assert connections(ssh_world, clone, 3) >= 3


@pytest.mark.parametrize("share", ["1", "0"])
def test_a_write_without_contention_is_one_round_trip(ssh_world, share):
    """One connection at the most, however it is made: a fetch besides would be a second one."""
    clone = ssh_world.clone()
    clone.environment["WATERCOOLER_SSH_SHARE"] = share
    assert connections(ssh_world, clone, 4) <= 4


def test_an_inherited_ssh_command_is_used_unchanged(ssh_world):
    remote = ssh_world.remote
    clone = ssh_world.clone()
    for variable in remote.settings:
        del clone.environment[variable]
    log = clone.home / "called"
    options = ["-i", str(remote.key), "-o", "BatchMode=yes", "-o",
               f'UserKnownHostsFile="{remote.known_hosts}"']
    script = clone.home / "my ssh"
    script.write_text(f'#!/bin/sh\necho "$@" >>{shlex.quote(str(log))}\n'
                      f'exec {shlex.join(["ssh", *options])} "$@"\n')
    script.chmod(0o700)
    clone.environment["GIT_SSH_COMMAND"] = shlex.quote(str(script))
    clone.say("plan", ssh_world.body())
    assert log.read_text()


def failures(world, clone):
    """What is said when nothing gets through: by a command that has no clone yet."""
    code, receipt, errors = clone.try_say("plan", world.body())
    assert code == 1 and receipt is None, (code, receipt)
    assert errors.startswith("error: ") and "\nhint: " in errors, errors
    assert not clone.threads.exists()
    return errors


def blocked(world, clone):
    """What a receipt says when nothing gets through any more; it is in the outbox."""
    receipt = clone.say("plan", world.body(), state="blocked")
    assert clone.outbox() == [receipt["entry_id"]]
    assert receipt["problem"] and receipt["hint"]
    done = clone.run("sync", "--quiet")
    assert done.returncode == 4 and done.stdout == b"" and done.stderr.count(b"\n") <= 2, done
    return receipt


def test_an_unknown_host_is_refused_with_the_mend(ssh_world, tmp_path):
    clone = ssh_world.clone()
    known = clone.environment["WATERCOOLER_GIT_KNOWN_HOSTS"]
    (tmp_path / "none").touch()
    clone.environment["WATERCOOLER_GIT_KNOWN_HOSTS"] = str(tmp_path / "none")
    words = failures(ssh_world, clone)
    assert "host key" in words.lower() and "known" in words.lower(), words
    assert (tmp_path / "none").read_text() == ""
    clone.environment["WATERCOOLER_GIT_KNOWN_HOSTS"] = known
    clone.say("plan", ssh_world.body())
    clone.environment["WATERCOOLER_GIT_KNOWN_HOSTS"] = str(tmp_path / "none")
    clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    receipt = blocked(ssh_world, clone)
    assert "host key" in (receipt["problem"] + receipt["hint"]).lower(), receipt
    clone.environment["WATERCOOLER_GIT_KNOWN_HOSTS"] = known


def test_a_wrong_key_is_refused_with_the_mend(ssh_world, tmp_path):
    clone = ssh_world.clone()
    wrong = make_key(tmp_path / "wrong" / "key")
    right = clone.environment["WATERCOOLER_GIT_SSH_KEY"]
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = str(wrong)
    words = failures(ssh_world, clone)
    assert "key" in words and "PRIVATE" not in words, words
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = right
    clone.say("plan", ssh_world.body())
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = str(wrong)
    clone.environment["WATERCOOLER_SSH_SHARE"] = "0"
    blocked(ssh_world, clone)
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = right


def test_a_key_that_is_not_there_is_named(ssh_world, tmp_path):
    clone = ssh_world.clone()
    clone.environment["WATERCOOLER_GIT_SSH_KEY"] = str(tmp_path / "no key")
    failures(ssh_world, clone)
    del clone.environment["WATERCOOLER_GIT_REPO"]
    ssh_world.clones.remove(clone)


def test_a_repository_that_is_not_there_is_an_error(make_world):
    for kind in ["file", "ssh", "http"]:
        world = make_world(kind)
        clone = world.clone()
        clone.environment["WATERCOOLER_GIT_REPO"] += "-not"
        failures(world, clone)
        world.clones.remove(clone)


# Http

def test_a_token_is_used_and_never_shown(make_world):
    world = make_world("http", token="s3cret-t0ken")
    clone = world.clone()
    clone.say("plan", world.body())
    file = clone.environment.pop("WATERCOOLER_GIT_TOKEN_FILE")
    receipt = blocked(world, clone)
    assert "s3cret" not in str(receipt)
    clone.environment["WATERCOOLER_GIT_TOKEN_FILE"] = file
    clone.wc("sync", "--quiet")
    for path in clone.threads.parent.rglob("*"):
        if path.is_file() and "objects" not in path.parts:
            assert b"s3cret-t0ken" not in path.read_bytes(), path


def test_a_wrong_token_is_refused_and_not_shown(make_world):
    world = make_world("http", token="s3cret-t0ken")
    clone = world.clone()
    with open(clone.environment["WATERCOOLER_GIT_TOKEN_FILE"], "w") as file:
        file.write("wr0ng-t0ken\n")
    assert "wr0ng" not in failures(world, clone)
    os.truncate(clone.environment["WATERCOOLER_GIT_TOKEN_FILE"], 0)
    failures(world, clone)
    world.clones.remove(clone)
