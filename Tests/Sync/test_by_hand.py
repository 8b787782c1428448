"""A person's work stays a person's: what plain git did in a clone to entries that wait is what is sent."""
import pytest

import checks
from bare import git
from by_hand import check_with_hands, with_body, without
from programs import eventually
from transcripts import age

CHANGED = "said otherwise\n\nby hand"


class Waiting:
    """A clone in which two entries wait, each in a commit of its own, and another clone."""

    def __init__(self, world):
        self.world = world
        self.here, self.there = world.clone("here"), world.clone("there")
        for clone in world.clones:
            clone.environment["WATERCOOLER_FRESH"] = "0.001"
        self.shown = self.here.say("plan", world.body())["entry_id"]
        self.there.wc("sync", "--quiet")
        world.remote.go_away()
        self.first, self.second = [
            self.here.say("plan", world.body(), state="blocked")["entry_id"] for _ in range(2)]
        world.remote.come_back()
        assert self.git("rev-list", "--count", "origin/main..").strip() == b"2"

    def git(self, *arguments, **environment):
        """What a person's git does here."""
        output = git(*arguments, directory=self.here.threads, environment=environment)
        # Git forgets to remove it where a revert or a rebase has merged.
        (self.here.threads / ".git" / "AUTO_MERGE").unlink(missing_ok=True)
        return output

    def rebase(self, todo, message="true"):
        """Rebases what waits, with scripts of sed for the list of commits and for a message."""
        self.git("rebase", "--quiet", "--interactive", "HEAD~2",
                 GIT_SEQUENCE_EDITOR=f"sed -i.old -e '{todo}'", GIT_EDITOR=message)

    def edit(self, edit):
        file = self.here.file("plan")
        file.write_text(edit(file.read_text()))

    def is_gone(self, identity):
        """The person took it back: nobody answers for it, and it must not come."""
        _, body = self.world.ledger.acknowledged.pop(identity)
        self.world.ledger.refuse(body)

    def change(self, identity):
        """The person gives it other words in the file."""
        self.edit(with_body(identity, CHANGED))
        _, old = self.world.ledger.acknowledged[identity]
        self.world.ledger.acknowledged[identity] = ("plan", CHANGED)
        self.world.ledger.refuse(old)


def amend(at):
    at.change(at.second)
    at.git("commit", "--quiet", "--all", "--amend", "--no-edit")


def revert(at):
    at.git("revert", "--no-edit", "HEAD")
    at.is_gone(at.second)


def revert_first(at):
    at.git("revert", "--no-edit", "HEAD~1")
    at.is_gone(at.first)


def drop(at):
    at.rebase("2d")
    at.is_gone(at.second)


def drop_first(at):
    at.rebase("1d")
    at.is_gone(at.first)


def reword(at):
    at.rebase("2s/^pick/reword/", "sed -i.old -e '1s/.*/Reworded by hand/'")


def reword_whole(at):
    """Without the trailers, too."""
    at.git("commit", "--quiet", "--amend", "--message", "Reworded by hand")


def edit_on_top(at):
    at.change(at.first)
    at.git("commit", "--quiet", "--all", "--message", "By hand")


def edit_shown_on_top(at):
    at.change(at.shown)
    at.git("commit", "--quiet", "--all", "--message", "By hand")


def remove_on_top(at):
    at.edit(without(at.first))
    at.git("commit", "--quiet", "--all", "--message", "By hand")
    at.is_gone(at.first)


def add_on_top(at):
    (at.here.threads / "README.md").write_text("# Ours\n")
    at.git("add", "README.md")
    at.git("commit", "--quiet", "--message", "By hand")


def squash(at):
    at.git("reset", "--quiet", "--soft", "HEAD~2")
    at.git("commit", "--quiet", "--message", "By hand")


def reset_hard(at):
    at.git("reset", "--quiet", "--hard", "HEAD~1")
    at.is_gone(at.second)


def reset_soft(at):
    """The entry is in the file still, and so is an edit that is taken in."""
    at.git("reset", "--quiet", "--soft", "HEAD~1")
    age(at.here.file("plan"))


def reset_mixed(at):
    at.git("reset", "--quiet", "HEAD~1")
    age(at.here.file("plan"))


def pull(at):
    at.there.say("plan", at.world.body())
    at.git("pull", "--quiet", "--no-rebase")


def pull_rebase(at):
    at.there.say("plan", at.world.body())
    at.git("pull", "--quiet", "--rebase")


def push(at):
    at.git("push", "--quiet")


COMMANDS = [amend, revert, revert_first, drop, drop_first, reword, reword_whole, edit_on_top,
            edit_shown_on_top, remove_on_top, add_on_top, squash, reset_hard, reset_soft, reset_mixed,
            pull, pull_rebase, push]


def check_is_theirs(at, command):
    check_with_hands(at.world)
    bare = at.world.remote.bare
    assert ("README.md" in bare.files(bare.tip)) == (command is add_on_top)
    subjects = bare.git("log", "--format=%s", bare.branch).decode().split("\n")
    assert ("Reworded by hand" in subjects) == (command in (reword, reword_whole))


def say_offline(at):
    at.world.remote.go_away()
    at.here.say("plan", at.world.body(), state="blocked")
    at.world.remote.come_back()


# Comes after the person's command, before the sync.
BEFORE = {"sync": lambda at: None, "say": lambda at: at.here.say("plan", at.world.body()),
          "say-offline": say_offline}

before = pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)


@before
@pytest.mark.parametrize("is_raced", [False, True], ids=["alone", "raced"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__.replace("_", "-"))
def test_a_persons_command_stays(world, command, is_raced, before):
    """It does at the first contact, and with each command that comes later."""
    at = Waiting(world)
    command(at)
    if is_raced:
        at.there.say("plan", world.body())
    before(at)
    at.here.wc("sync", "--quiet")
    checks.check_entries(world.ledger, world.documents())
    assert at.here.outbox() == []
    at.here.wc("read", "plan")
    at.here.say("plan", world.body())
    at.there.say("plan", world.body())
    check_is_theirs(at, command)


@before
def test_what_a_reset_leaves_in_the_file_waits_until_the_file_is_still(world, before):
    at = Waiting(world)
    at.git("reset", "--quiet", "HEAD~1")
    before(at)
    eventually(lambda: at.here.run("sync", "--quiet").returncode == 0
               and not at.here.git("status", "--porcelain"), "the end of the edit")
    check_with_hands(world)
