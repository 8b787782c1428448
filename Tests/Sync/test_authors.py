"""In whose name commits are made: the person's, as git knows them; a trailer names the agent."""
import subprocess

import pytest


ALICE, BOB = "Alice <alice@example.org>", "Bob <bob@example.org>"
OURS = "Watercooler <watercooler@localhost>"


@pytest.fixture
def here(world):
    return world.clone("here")


def is_known(clone, person, *scope):
    """Git knows the person, for all repositories of the machine or for the clone alone."""
    name, address = person[:-1].split(" <")
    for key, value in [("user.name", name), ("user.email", address)]:
        if scope:
            clone.git("config", key, value)
        else:
            clone.call("git", "config", "--global", key, value, code=0)


def last(world, form="%an <%ae>%n%cn <%ce>"):
    return world.remote.bare.git("log", "-1", f"--format={form}").decode().splitlines()


def trailers(world, name):
    found = last(world, f"%(trailers:key=Watercooler-{name},valueonly,separator=%x0A)")
    return [value for value in found if value]


def test_it_is_the_person_that_git_knows(here):
    world = here.world
    is_known(here, ALICE)
    assert here.say("plan", world.body())["notes"] == []
    assert last(world) == [ALICE, ALICE]
    assert trailers(world, "Agent") == ["here (alice)"] and trailers(world, "Via") == []
    # The clone's own wins, as git has it.
    is_known(here, BOB, "clone")
    notes = here.say("plan", world.body())["notes"]
    assert last(world) == [BOB, BOB]
    assert [note for note in notes if f"in the name of {BOB} from now on; before, of {ALICE}" in note], notes
    assert here.say("plan", world.body())["notes"] == []


@pytest.mark.parametrize("variables, author", [
    ({"WATERCOOLER_GIT_AUTHOR": "Bot", "WATERCOOLER_GIT_EMAIL": "bot@example.org"}, "Bot <bot@example.org>"),
    # Nobody's address goes with another's name.
    ({"WATERCOOLER_GIT_AUTHOR": "Bot"}, "Bot <watercooler@localhost>"),
    # In a hook of git: the author of the commit that is made there.
    ({"GIT_AUTHOR_NAME": "Carol", "GIT_AUTHOR_EMAIL": "carol@example.org"}, ALICE),
    ({"WATERCOOLER_GIT_AUTHOR": "A <b>\n", "WATERCOOLER_GIT_EMAIL": "c@d"}, "A b <c@d>")])
def test_what_is_configured_comes_first(here, variables, author):
    is_known(here, ALICE)
    here.environment |= variables
    here.say("plan", here.world.body())
    assert last(here.world) == [author, author]


def test_where_nobody_is_known_it_is_as_it_was(here):
    here.say("plan", here.world.body())
    assert last(here.world) == [OURS, OURS]


@pytest.mark.parametrize("command", [["say", "plan", "-m", "x"], ["say", "plan", "-m", "x", "--if-ball", "Team"]])
def test_who_writes_for_another_agent_is_named(here, command):
    here.say("plan", here.world.body(), "--ball", "Team")
    here.wc(*command, "--as", "Codex (bob)")
    assert trailers(here.world, "Agent") == ["Codex (bob)"]
    assert trailers(here.world, "Via") == ["here (alice)"]
    [newest, *_] = here.json("log")["log"]
    assert (newest["agents"], newest["via"], newest["author"]) == (["Codex (bob)"], ["here (alice)"], "Watercooler")
    here.world.is_checked = False


def test_commits_that_are_made_anew_keep_both(here):
    world = here.world
    there = world.clone("there")
    is_known(here, ALICE)
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    world.remote.go_away()
    for agent in ("One", "Two", "One"):
        here.say("plan", world.body(), "--as", agent, state="blocked")
    world.remote.come_back()
    there.say("plan", world.body())
    here.wc("sync", "--quiet")
    assert last(world) == [ALICE, ALICE]
    assert trailers(world, "Agent") == ["One (alice)", "Two (alice)"]
    assert trailers(world, "Via") == ["here (alice)"]


def test_an_edit_by_hand_is_the_persons(here):
    world = here.world
    is_known(here, ALICE)
    here.say("plan", world.body())
    file = here.file("plan")
    file.write_text(file.read_text().replace("topic: plan\n", "topic: plan\nowner: alice\n"))
    subprocess.run(["touch", "-d", "1 minute ago", str(file)], check=True)
    here.wc("sync", "--quiet")
    assert last(world, "%an <%ae>%n%s") == [ALICE, "Alice: edited by hand (plan)"]


def test_an_upgrade_that_changes_the_name_says_so_once(here):
    """An earlier version wrote in its own name, and noted none."""
    world = here.world
    here.say("plan", world.body())
    (here.threads / ".git" / "watercooler" / "author").unlink()
    is_known(here, ALICE)
    notes = here.say("plan", world.body())["notes"]
    assert any(f"in the name of {ALICE} from now on; before, of {OURS}" in note for note in notes), notes
    assert here.say("plan", world.body())["notes"] == []
