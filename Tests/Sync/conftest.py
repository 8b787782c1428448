"""A world per test, which is checked when the test has passed, and leaves nothing."""
import os
import shutil

import pytest

import programs
import remotes
from checks import check
from clones import World
from projects import Project
from transcripts import Case

NOTES = []
# CI has no older programs, and must skip nothing.
collect_ignore = ["test_two_versions.py"] if os.environ.get("CI") and not programs.OLD_BIN else []


def share(name, full, least=1):
    """How many of `full` are done: WATERCOOLER_CASES per cent, 5 by default; said at the end."""
    count = max(least, full * int(os.environ.get("WATERCOOLER_CASES") or 5) // 100)
    NOTES.append(f"{name}: {count} of {full}")
    return count


@pytest.fixture(name="share")
def _share(request):
    def share_of_this_test(full, least=1):
        return share(request.node.name, full, least)
    return share_of_this_test


@pytest.fixture
def make_world(has_passed, tmp_path):
    """Makes a world over a remote; what it holds is checked at the end."""
    made = []

    def make(kind="file", **options):
        directory = tmp_path / f"world{len(made)}"
        directory.mkdir()
        world = World(directory, remotes.KINDS[kind](directory, **options), programs.seeded())
        made.append(world)
        return world

    yield make
    try:
        if has_passed():
            for world in made:
                if world.is_checked:
                    check(world)
    finally:
        for world in made:
            world.remote.close()


@pytest.fixture
def world(make_world):
    return make_world()


@pytest.fixture
def make_case(request, has_passed, make_world):
    """Makes a case, whose transcript is compared at the end with the file of the test's name."""
    made = []

    def make(*arguments, **options):
        name = request.node.name.removeprefix("test_").replace("[", "-").replace("]", "")
        made.append(Case(make_world(*arguments, **options), name.replace("_", "-")))
        return made[-1]

    yield make
    if has_passed():
        for case in made:
            case.check_golden()


@pytest.fixture
def case(make_case):
    return make_case()


def pytest_sessionfinish(session):
    # In one of several processes that share the tests; the first of all prints.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["notes"] = NOTES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    NOTES.extend(getattr(node, "workeroutput", {}).get("notes", []))


def pytest_terminal_summary(terminalreporter):
    for note in sorted(NOTES):
        terminalreporter.write_line(note)


@pytest.fixture
def project(tmp_path):
    """Somebody's code repository."""
    return Project(tmp_path / "here")


@pytest.fixture
def keep(project):
    """Looks at what is the person's, and gives what fails if that has changed since."""
    return project.keeper


# Waits before or after it does what is named, until it is told to go on.
WAITING_GIT = """#!/bin/sh
PATH='{path}'
await() {{
  : >'{place}/came'
  while [ ! -e '{place}/go' ]; do sleep 0.02; done
}}
case " $* " in
*" {words} "*)
  [ {moment} = before ] || {{ '{git}' "$@"; status=$?; await; exit $status; }}
  await ;;
esac
exec '{git}' "$@"
"""


@pytest.fixture
def waiting_git(tmp_path):
    """A place where `came` appears and `go` is awaited, and the environment with such a git."""
    place = tmp_path / "waiting"
    place.mkdir()

    def make(clone, words, moment="before"):
        path = clone.environment["PATH"]
        programs.write_program(place / "git", WAITING_GIT.format(
            path=path, place=place, git=shutil.which("git"), words=words, moment=moment))
        return clone.environment | {"PATH": f"{place}:{path}"}

    return place, make
