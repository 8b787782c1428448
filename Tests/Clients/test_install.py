"""scripts/install puts the programs where they belong, and takes nothing of anybody else's away."""
import os

import pytest

import programs

INSTALL = programs.ROOT / "scripts" / "install"


@pytest.fixture
def run(tmp_path):
    def run(*arguments, code=0, path=None):
        done = programs.call(
            INSTALL, "--bin", programs.BIN, *arguments, text=True, code=code, environment={
                "HOME": str(tmp_path / "home"), "PREFIX": str(tmp_path / "prefix"),
                "PATH": path or os.environ["PATH"]})
        return done.stdout if code == 0 else done.stderr
    return run


def says(program, *arguments, stdin=""):
    return programs.call(program, *arguments, stdin=stdin, text=True).stdout


PAGES = ["bash-completion/completions/watercooler", "bash-completion/completions/wc",
         "fish/vendor_completions.d/watercooler.fish", "man/man1/watercooler.1",
         "zsh/site-functions/_watercooler"]


def test_three_names_that_work_their_pages_and_nothing_else(run, tmp_path):
    said = run()
    place = tmp_path / "prefix" / "bin"
    names = ["watercooler", "watercooler-mcp", "wc"]
    assert sorted(path.name for path in place.iterdir()) == names
    share = tmp_path / "prefix" / "share"
    found = [path for path in share.rglob("*") if not path.is_dir()]
    assert sorted(str(path.relative_to(share)) for path in found) == PAGES
    assert all(b"watercooler" in path.read_bytes() for path in found)
    everything = [path for path in tmp_path.rglob("*") if not path.is_dir()]
    assert len(everything) == len(names) + len(PAGES)
    for path in [place / name for name in names] + found:
        assert f"installed {path}" in said
    assert f"note: {place} is not in your PATH" in said
    assert says(place / "watercooler", "--version").startswith("watercooler ")
    assert says(place / "watercooler-mcp", "--version").startswith("watercooler-mcp ")
    # The system's word counter answers.
    assert says(place / "wc", "-l", stdin="a\nb\n").split() == ["2"]
    assert "note:" not in run(path=f"{place}:{os.environ['PATH']}")


def test_it_can_come_again_and_go(run, tmp_path):
    run()
    run()
    place = tmp_path / "prefix" / "bin"
    said = run("--uninstall")
    assert list(place.iterdir()) == []
    assert said.count("removed ") == 3 + len(PAGES)
    assert [path for path in tmp_path.rglob("*") if not path.is_dir()] == []
    assert "nothing of ours" in run("--uninstall")


def test_without_the_name_wc(run, tmp_path):
    run("--no-wc")
    assert list((tmp_path / "prefix").rglob("wc")) == []


def test_a_page_of_somebody_elses_stays(run, tmp_path):
    page = tmp_path / "prefix" / "share" / PAGES[1]
    page.parent.mkdir(parents=True)
    page.write_text("complete -f wc\n")
    run()
    run("--uninstall")
    assert page.read_text() == "complete -f wc\n"


@pytest.mark.parametrize("name", ["wc", "watercooler", "watercooler-mcp"])
def test_what_is_somebody_elses_stays(run, tmp_path, name):
    place = tmp_path / "prefix" / "bin"
    other = programs.write_program(place / name, "#!/bin/sh\necho mine\n")
    assert f"{other} is another program, and stays" in run(code=1)
    assert [path.name for path in place.iterdir()] == [name]
    assert "nothing of ours" in run("--uninstall")
    assert says(other) == "mine\n"


def test_a_slip_is_told(run):
    assert "unknown option '--uninstal'" in run("--uninstal", code=2)
