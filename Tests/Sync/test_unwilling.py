"""Remotes that say no, and history that somebody changed: nothing is forced, nothing is remade."""
import pytest

from clones import at_once

DECLINES = "#!/bin/sh\necho 'The quota of this team is used up.' >&2\nexit 1\n"


@pytest.fixture(params=["file", "ssh", "http"])
def world(request, make_world):
    return make_world(request.param)


@pytest.fixture
def clone(world):
    clone = world.clone()
    clone.say("plan", world.body(), "--ball", "Codex")
    return clone


def is_blocked(clone):
    receipt = clone.say("plan", clone.world.body(), state="blocked")
    assert receipt["problem"] and receipt["hint"], receipt
    assert receipt["entry_id"] in clone.outbox()
    done = clone.run("sync", "--quiet")
    assert done.returncode == 4 and done.stdout == b"" and done.stderr, done
    return receipt


def test_a_hook_that_declines_is_quoted(world, clone):
    hook = world.remote.bare.hook("pre-receive", DECLINES)
    receipt = is_blocked(clone)
    assert "The quota of this team is used up." in receipt["problem"], receipt
    assert receipt["attempts"] == 1
    code, _, errors = clone.try_say("plan", world.body(), "--require-push")
    assert code == 4 and "quota" in errors, errors
    assert b"quota" in clone.run("sync", "--quiet").stderr
    hook.unlink()


def test_a_hook_declines_while_others_push(world, clone):
    """It declines one agent's entries; the others' go on arriving."""
    hook = world.remote.bare.hook("pre-receive", """#!/bin/sh
while read old new ref; do
  if git log --format=%B "$old..$new" | grep -q '^blocked '; then echo 'Not you.' >&2; exit 1; fi
done
""")
    other = world.clone()
    clone.environment["WATERCOOLER_AGENT"] = "blocked"
    other.say("plan", world.body())
    receipt = clone.say("plan", world.body(), state="blocked")
    at_once(*[lambda: other.say("plan", world.body())] * 3)
    assert receipt["entry_id"] not in world.documents()["plan"].identities
    hook.unlink()


def test_a_conditional_write_that_is_declined_is_taken_back(world, clone):
    hook = world.remote.bare.hook("pre-receive", DECLINES)
    code, receipt, errors = clone.try_say("plan", world.body(), "--if-ball", "Codex")
    assert code != 0 and receipt is None and "quota" in errors, (code, receipt, errors)
    assert clone.outbox() == []
    hook.unlink()


def test_a_branch_that_was_deleted_is_not_made_again(world, clone):
    bare = world.remote.bare
    tip = bare.tip
    bare.git("update-ref", "-d", "refs/heads/main")
    receipt = is_blocked(clone)
    assert bare.tip is None and "main" in receipt["problem"], receipt
    clone.environment["WATERCOOLER_FRESH"] = "0.001"
    assert clone.run("read", "plan").returncode == 0
    assert bare.tip is None
    bare.set_branch(tip)


def test_history_that_was_rewritten_is_not_overwritten(world, clone):
    bare = world.remote.bare
    tip = bare.tip
    other = world.clone()
    other.say("plan", world.body())
    rewritten = bare.commit({"plan.md": bare.files(tip)["plan.md"].decode()}, "Purged")
    newest = bare.tip
    bare.set_branch(rewritten)
    receipt = is_blocked(other)
    assert bare.tip == rewritten
    assert "doctor" in receipt["hint"] or "history" in receipt["problem"], receipt
    other.environment["WATERCOOLER_FRESH"] = "0.001"
    assert other.run("read", "plan").returncode == 0
    # For the checks at the end nothing has happened.
    bare.set_branch(newest)
    bare.forget_shown(rewritten)


def test_what_somebody_commits_by_hand_arrives(world, clone):
    """Other files, and a thread in a form that only people write, leave the threads alone."""
    bare = world.remote.bare
    files = {name: data.decode() for name, data in bare.files(bare.tip).items()}
    bare.set_branch(bare.commit(files | {"README.md": "# Ours\n"}, parent=bare.tip))
    clone.say("plan", world.body())
    assert "README.md" in bare.files(bare.tip)
    assert (clone.threads / "README.md").read_text() == "# Ours\n"
