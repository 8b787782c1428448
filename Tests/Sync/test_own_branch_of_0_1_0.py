"""A code repository with threads on a branch of its own, as version 0.1.0 leaves it: without a mark of our work
tree, and with settings of ours in the code's configuration."""
import json

import pytest

import belongings
from bare import git

INIT = ["init", "--branch", "watercooler"]
IN_ROOT = ["--dir", "."]


def make_as_0_1_0(project, branch="watercooler"):
    """What its `init --branch` did, step by step, up to where it failed for a branch of the code."""
    ref, tracking = f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"
    if branch == "watercooler":
        line = b"*.md merge=watercooler -text -filter -ident -working-tree-encoding\n"
        blob = git("hash-object", "-w", "--no-filters", "--stdin", directory=project.root, data=line)
        tree = git("mktree", directory=project.root,
                   data=b"100644 blob " + blob.strip() + b"\t.gitattributes\n").decode().strip()
        commit = git("commit-tree", "-F", "-", tree, directory=project.root, data=b"Threads\n")
        project.git("update-ref", ref, commit.decode().strip(), "")
    else:
        project.git("fetch", "--quiet", "--no-tags", "origin", f"{ref}:{tracking}")
    for key, value in [("watercooler.threads", "true"), ("watercooler.git.branch", branch),
                       ("merge.watercooler.name", "Watercooler threads"),
                       ("merge.watercooler.driver", "/gone/wc merge-driver %O %A %B %P")]:
        project.git("config", "--local", key, value)
    if branch == "watercooler":
        project.git("worktree", "add", "--quiet", str(project.store), branch)
        with (project.root / ".git" / "info" / "exclude").open("a") as file:
            file.write("/.watercooler/\n")


@pytest.fixture
def keep_after_0_1_0(project):
    """As `keep`; its own settings in the code's configuration may stay or go."""
    def without(before):
        thing = before.things["code/.git/config"]
        data = thing.data.replace(b"[watercooler]\n\tthreads = true\n", b"").replace(
            b'[watercooler "git"]\n\tbranch = watercooler\n', b"")
        before.things["code/.git/config"] = thing._replace(data=data)
        return before

    def look():
        before = without(project.belongings())

        def check():
            found = belongings.changes(before, without(project.belongings()))
            assert not found, "\n".join(found)
        return check
    return look


@pytest.mark.parametrize("first", [["say", "plan", "-m", "First."], ["doctor"], ["doctor", "--fix"], INIT,
                                   ["sync"], ["list"]], ids=lambda words: " ".join(words[:2]))
@pytest.mark.parametrize("options", [[], IN_ROOT], ids=["as it is", "in the root"])
def test_a_checkout_of_0_1_0_goes_on(project, keep_after_0_1_0, first, options):
    project.stash()
    project.put_in("rebase")
    project.dirty()
    make_as_0_1_0(project)
    check = keep_after_0_1_0()
    done = project.run(*first, *(options if first != INIT else []))
    check()
    # The merge's program is gone: what the doctor finds.
    assert done.returncode == (1 if first == ["doctor"] else 0), done
    project.say("Said here.", *options)
    check()
    project.must("doctor", "--fix", *options)
    check()
    assert "Said here." in project.must("read", "plan", *options)
    assert json.loads(project.must("whoami", "--json", *options))["dir"] == str(project.store)
    assert project.must("doctor", *options) == "nothing is wrong\n"
    check()


@pytest.mark.parametrize("command", [["say", "plan", "-m", "words"], ["sync"], ["doctor", "--fix"], ["list"]],
                         ids=lambda words: words[0])
def test_what_0_1_0_marked_and_did_not_make_is_no_store(project, keep, command):
    """It had refused a branch that is checked out, and left its settings."""
    make_as_0_1_0(project, branch="master")
    project.commit("main.c", "int main = 5;\n", "Not to be pushed yet")
    project.dirty()
    check = keep()
    for options in (IN_ROOT, []):
        project.run(*command, *options)
        check()
