"""A remote that goes, changes its mind or its history, or does not know us."""
import re
import shutil

import pytest

from bare import git
from remotes import make_key
from test_unwilling import DECLINES
from transcripts import age

# The server dies after it has the entries, before it keeps them, and the repository is gone.
VANISHES = """#!/bin/sh
mv "{repository}" "{away}"
kill -9 "$PPID"
exit 1
"""


def test_a_remote_that_vanishes_in_the_middle_of_a_push(case):
    remote = case.world.remote
    away = remote.bare.directory.with_name("away.git")
    remote.bare.hook("pre-receive", VANISHES.format(
        repository=remote.bare.directory, away=away))
    written = case.say()
    case.say("plan", "--require-push", code=4)
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.wc("doctor", code=1)
    assert written in case.here.outbox()
    remote.come_back()
    (remote.bare.directory / "hooks" / "pre-receive").unlink()
    case.note("it is back")
    case.wc("sync")
    case.wc("doctor")
    assert case.world.documents()["plan"].identities.count(written) == 1


def test_a_hook_that_declines(case):
    hook = case.world.remote.bare.hook("pre-receive", DECLINES)
    case.say()
    case.say("plan", "--require-push", code=4)
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.wc("doctor", code=1)
    case.wc("doctor", "--fix", code=1)
    hook.unlink()
    case.note("the hook lets it pass")
    case.wc("sync")
    case.wc("doctor")


# What a large host says, and how git's own `update` hook ends.
PROTECTED = """#!/bin/sh
[ "$1" = refs/heads/main ] || exit 0
echo 'error: GH006: Protected branch update failed for refs/heads/main.' >&2
echo 'error: Changes must be made through a pull request.' >&2
exit 1
"""


def test_a_protected_branch(case):
    hook = case.world.remote.bare.hook("update", PROTECTED)
    written = case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.wc("doctor", "--fix", code=1)
    hook.unlink()
    case.note("it is protected no longer")
    case.wc("sync")
    assert written in case.world.documents()["plan"].identities


def test_a_remote_where_somebody_works_on_the_branch(case):
    bare = case.world.remote.bare
    bare.git("config", "core.bare", "false")
    written = case.say()
    case.wc("sync", code=4)
    bare.git("config", "core.bare", "true")
    case.note("it is a bare one now")
    case.wc("sync")
    assert written in case.world.documents()["plan"].identities


def test_a_remote_whose_git_was_killed(case):
    """Its lock is its own, and not ours to remove; nor is it waited for without end."""
    lock = case.world.remote.bare.directory / "refs" / "heads" / "main.lock"
    lock.touch()
    age(lock, 3600)
    case.here.environment["WATERCOOLER_TIMEOUT"] = "2"
    written = case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    assert lock.exists()
    lock.unlink()
    case.note("whoever runs the repository has removed the lock")
    case.wc("sync")
    assert written in case.world.documents()["plan"].identities


@pytest.mark.parametrize("how", ["renamed", "deleted"])
def test_a_branch_that_is_gone(case, how):
    bare = case.world.remote.bare
    bare.git(*{"renamed": ["branch", "-m", "main", "trunk"],
               "deleted": ["update-ref", "-d", "refs/heads/main"]}[how])
    waiting = case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    said = case.wc("doctor", code=1)
    case.wc("doctor", "--fix", code=1)
    assert bare.tip is None
    pattern = {"renamed": r"lists them\): (.*)", "deleted": "all that is here: (.*?);"}[how]
    command = re.search(pattern, said).group(1).replace("NAME", "trunk")
    case.note("what the hint says")
    age(case.here.file("plan"))
    case.here.typed(command, code=0)
    if how == "renamed":
        shutil.rmtree(f"{case.here.threads}.damaged")
        case.here.environment["WATERCOOLER_GIT_BRANCH"] = "trunk"
        assert waiting in git("show", "trunk:plan.md", directory=bare.directory).decode()
        bare.git("branch", "-m", "trunk", "main")
        case.here.environment["WATERCOOLER_GIT_BRANCH"] = "main"
        case.here.git("branch", "-m", "trunk", "main")
        case.here.git("fetch", "--quiet", "origin", "main")
    case.wc("sync")
    assert waiting in case.world.documents()["plan"].identities


def test_history_that_was_rewritten_is_taken_over(case):
    """What waits goes on top of it; what was purged there does not come back."""
    bare = case.world.remote.bare
    kept, purged = case.shown()
    hook = bare.hook("pre-receive", DECLINES)
    waiting = case.here.say("plan", case.world.body(), state="blocked")["entry_id"]
    hook.unlink()
    text = bare.files(bare.tip)["plan.md"].decode()
    start = text.index("\n---\nEntry:", text.index(kept))
    bare.set_branch(bare.commit({"plan.md": text[:start] + "\n"}, "Purge an entry"))
    written = case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.wc("doctor", code=1)
    case.wc("doctor", "--fix")
    case.wc("doctor")
    last = case.say()
    assert case.world.documents()["plan"].identities == [kept, waiting, written, last]
    assert case.shown() == [kept, waiting, written, last]
    case.note("the other clone, which had nothing that waits")
    case.wc("doctor", "--fix", clone=case.there)
    assert purged not in case.shown(clone=case.there)
    # For the checks at the end it never was, and the tips before are forgotten.
    del case.world.ledger.acknowledged[purged]
    now = bare.git("rev-list", bare.tip).decode().split()
    for tip in set(bare.shown()) - set(now):
        bare.forget_shown(tip)


@pytest.fixture
def ssh_case(make_case):
    case = make_case("ssh")
    case.here.environment["WATERCOOLER_SSH_SHARE"] = "0"
    return case


def test_a_key_that_the_host_does_not_know(ssh_case, tmp_path):
    key = make_key(tmp_path / "other" / "key")
    check_refused(ssh_case, "WATERCOOLER_GIT_SSH_KEY", key)


def test_a_host_whose_key_nobody_has_verified(ssh_case, tmp_path):
    known_hosts = tmp_path / "known_hosts"
    known_hosts.touch()
    check_refused(ssh_case, "WATERCOOLER_GIT_KNOWN_HOSTS", known_hosts)
    assert known_hosts.read_text() == ""


def check_refused(case, setting, value):
    right = case.here.environment[setting]
    case.here.environment[setting] = str(value)
    case.say()
    case.wc("read", "plan")
    case.wc("sync", code=4)
    case.wc("doctor", code=1)
    case.here.environment[setting] = right
    case.note("with the right one")
    case.wc("sync")
