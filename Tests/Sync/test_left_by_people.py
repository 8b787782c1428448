"""Thread files that somebody's editor, or somebody in a hurry, left as they should not be."""
import pytest

import checks
from transcripts import age


def save(case, text, topic="plan"):
    """Saves a thread file by hand, long enough ago."""
    file = case.here.file(topic)
    file.write_text(text)
    age(file)


def check_nothing_is_lost(case, spoil):
    """Whatever is in the file: a read shows every entry, a write arrives, and both are told."""
    before = case.shown()
    spoil()
    case.wc("read", "plan")
    case.say()
    assert case.shown()[:len(before)] == before
    case.wc("doctor")


def test_an_old_buffer_saved_over_newer_entries(case):
    old = case.here.file("plan").read_text()
    case.there.say("plan", case.world.body())
    case.say()
    check_nothing_is_lost(case, lambda: save(case, old.replace("topic: plan", "topic: plan\nowner: a")))
    assert "owner: a" in case.here.file("plan").read_text()


@pytest.mark.parametrize("left", ["half-an-entry", "half-the-head", "nothing"])
def test_a_file_cut_short(case, left):
    text = case.here.file("plan").read_text()
    length = {"half-an-entry": len(text) - 40, "half-the-head": 20, "nothing": 0}[left]
    check_nothing_is_lost(case, lambda: save(case, text[:length]))


def test_a_file_deleted(case):
    check_nothing_is_lost(case, lambda: case.here.file("plan").unlink())


def test_a_file_being_saved(case):
    """Not still for two seconds yet: it is left alone, and the entry goes on what the branch has."""
    file = case.here.file("plan")
    text = file.read_text()
    before = case.shown()
    file.write_text(text[:len(text) // 2])
    written = case.say()
    assert case.world.documents()["plan"].identities == [*before, written]
    file.write_text(text.replace("topic: plan", "topic: plan\nowner: a"))
    age(file)
    case.wc("sync")
    assert case.shown() == [*before, written]


DAMAGE = {
    "head": lambda text: text.replace("topic: plan", "this is no key", 1),
    "markers": lambda text: text + "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file(case, kind):
    """It is shown and not taken in; what the branch has goes on."""
    case.here.say("other", case.world.body())
    before = case.shown()
    text = case.here.file("plan").read_text()
    save(case, DAMAGE[kind](text))
    case.wc("read", "plan")
    case.wc("doctor", code=1)
    case.wc("list")
    case.say("other")
    written = case.say()
    assert case.world.documents()["plan"].identities == [*before, written]
    case.note("mended in an editor")
    save(case, text)
    case.wc("sync")


def test_a_damaged_thread_that_was_pushed(case):
    """Damage that is in the branch itself: no write to it, and it hides no other."""
    bare = case.world.remote.bare
    case.here.say("other", case.world.body())
    tip = bare.tip
    files = {name: data.decode() for name, data in bare.files(tip).items()}
    bare.set_branch(bare.commit(files | {"plan.md": DAMAGE["head"](files["plan.md"])}, parent=tip))
    case.wc("read", "plan")
    case.say(code=1)
    case.wc("list")
    case.say("other")
    case.wc("doctor", code=1)
    case.note("mended in an editor")
    save(case, files["plan.md"])
    case.say()


def test_a_thread_deleted_by_a_commit_while_another_clone_writes(case):
    before = case.shown()
    case.world.remote.go_away()
    waiting = case.say()
    case.world.remote.come_back()
    bare = case.world.remote.bare
    bare.set_branch(bare.commit({"README.md": "# Ours\n"}, "Delete the plan", parent=bare.tip))
    case.wc("sync")
    written = case.say()
    assert case.world.documents()["plan"].identities == [*before, waiting, written]
    # All but that the remote never takes back what it has shown: somebody did, by hand.
    case.world.is_checked = False
    checks.settle(case.world)
    checks.check_entries(case.world.ledger, case.world.documents())
    for clone in case.world.clones:
        checks.check_clone(clone)
