"""What a machine that lost power leaves of git's own files: it is told apart, and mended or said."""
import re
import shutil

import pytest

from bare import git
from test_kill import check_is_clean
from test_left_by_git import diverge, loose
from transcripts import Case, age

BRANCH, TRACKING = "refs/heads/main", "refs/remotes/origin/main"


def as_after_power_loss(path, how):
    """A file whose name was written, and whose contents were not, or not all of them."""
    path.chmod(0o600)
    size = path.stat().st_size
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "zeros": bytes(size),
                          "half": path.read_bytes()[:size // 2]}[how])


def check_mended(case, waiting):
    case.wc("doctor", "--fix")
    case.wc("sync")
    case.wc("doctor")
    case.say()
    assert waiting in case.world.documents()["plan"].identities
    check_is_clean(case.here)


@pytest.mark.parametrize("how", ["empty", "zeros"])
def test_a_head_that_is(case, how):
    waiting = diverge(case)
    as_after_power_loss(case.here.threads / ".git" / "HEAD", how)
    case.say(code=1)
    case.wc("read", "plan")
    case.wc("sync", code=1)
    case.wc("doctor", code=1)
    check_mended(case, waiting)


@pytest.mark.parametrize("ref", [BRANCH, TRACKING], ids=["branch", "what-the-remote-had"])
@pytest.mark.parametrize("how", ["empty", "zeros"])
def test_a_ref_that_is(case, ref, how):
    waiting = diverge(case)
    as_after_power_loss(case.here.threads / ".git" / ref, how)
    case.wc("read", "plan")
    done = case.here.run("sync")
    case.tell(["sync"], done.returncode, done.stdout.decode(), done.stderr.decode())
    assert done.returncode != 0
    case.wc("doctor", code=1)
    check_mended(case, waiting)


@pytest.mark.parametrize("how", ["empty", "zeros"])
def test_an_index_that_is(case, how):
    waiting = diverge(case)
    as_after_power_loss(case.here.threads / ".git" / "index", how)
    # No commit of ours is made of it.
    case.say()
    case.say(code=1)
    case.wc("read", "plan")
    case.wc("doctor", code=1)
    check_mended(case, waiting)


@pytest.mark.parametrize("how", ["empty", "half", "gone"])
@pytest.mark.parametrize("kind", ["commit", "tree", "file"])
@pytest.mark.parametrize("which", ["outbox", "pushed"])
def test_an_object_that_is(make_world, which, kind, how):
    """What the doctor says makes the clone anew, with all that waits in it."""
    case = Case(make_world(), "none")
    shown = case.shown()
    if which == "outbox":
        shown.append(diverge(case))
    commit = "HEAD" if which == "outbox" else "HEAD~1"
    revision = {"commit": commit, "tree": commit + "^{tree}", "file": f"{commit}:plan.md"}[kind]
    as_after_power_loss(loose(case.here, revision), how)
    # Whatever works of it: what was told holds.
    case.here.run("read", "plan")
    code, receipt, errors = case.here.try_say("plan", case.world.body())
    if receipt:
        shown.append(receipt["entry_id"])
    else:
        assert code == 1 and "hint: " in errors, errors
    case.here.run("sync")
    said = case.here.run("doctor")
    assert said.returncode == 1, said
    command = re.search("the thread files: (.*)", said.stdout.decode()).group(1)
    age(case.here.file("plan"))
    case.here.typed(command, code=0)
    shutil.rmtree(f"{case.here.threads}.damaged")
    case.here.wc("doctor")
    case.here.say("plan", case.world.body())
    assert set(shown) <= set(case.shown())


def test_what_a_killed_git_began_to_write_is_in_nobodys_way(case):
    """Objects and packs that were never finished."""
    objects = case.here.threads / ".git" / "objects"
    left = [objects / "ab" / "tmp_obj_Ab12Cd", objects / "pack" / "tmp_pack_Ab12Cd",
            objects / "pack" / "tmp_idx_Ab12Cd"]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half an object")
        path.chmod(0o444)
    case.there.say("plan", case.world.body())
    case.say()
    case.wc("read", "plan")
    case.wc("sync")
    case.wc("doctor")


@pytest.mark.parametrize("how", ["HEAD is empty", "HEAD is gone", "no objects", "no refs",
                                 "nothing but a directory"])
def test_the_repository_around_a_damaged_clone_is_not_taken_for_it(world, how):
    """To git a damaged clone is none, and it would go on with somebody's code."""
    here, there = world.clone("here"), world.clone("there")
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.say("plan", world.body())
    project = here.threads.parent
    upstream = world.directory / "code.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", str(upstream))
    git("init", "--quiet", "--initial-branch=main", str(project))
    (project / ".gitignore").write_text("/threads\n/home\n")
    git("add", ".", directory=project)
    git("commit", "--quiet", "-m", "Code", directory=project)
    git("remote", "add", "origin", str(upstream), directory=project)
    git("push", "--quiet", "origin", "main", directory=project)
    git("commit", "--quiet", "--allow-empty", "-m", "Not to be pushed yet", directory=project)
    other = world.directory / "colleague"
    git("clone", "--quiet", str(upstream), str(other))
    git("commit", "--quiet", "--allow-empty", "-m", "Theirs", directory=other)
    git("push", "--quiet", directory=other)
    there.say("plan", world.body())

    def look():
        return [git("for-each-ref", directory=place) for place in (project, upstream)] + [
            git("status", "--porcelain", directory=project)]

    before = look()
    dot_git = here.threads / ".git"
    aside = world.directory / "aside"
    shutil.copytree(dot_git, aside)
    if how == "HEAD is empty":
        (dot_git / "HEAD").write_text("")
    elif how == "HEAD is gone":
        (dot_git / "HEAD").unlink()
    elif how == "nothing but a directory":
        shutil.rmtree(dot_git)
        dot_git.mkdir()
    else:
        shutil.rmtree(dot_git / how.removeprefix("no "))
    for command in (["read", "plan"], ["list"], ["sync"], ["doctor"], ["outbox"],
                    ["say", "plan", "-m", "words"], ["read", "plan"],
                    ["say", "plan", "-m", "words", "--if-ball", "Claude"]):
        done = here.run(*command)
        if command[0] == "say":
            assert done.returncode != 0 and b"hint: " in done.stderr, done
    assert look() == before
    # As it was: what the world's checks look at.
    shutil.rmtree(dot_git)
    aside.rename(dot_git)
    shutil.rmtree(project / ".git")
    (project / ".gitignore").unlink()
    check_is_clean(here)
