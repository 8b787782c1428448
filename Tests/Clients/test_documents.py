"""Every command in the documents does what they say, and every link in them leads somewhere.

A fence of `sh` is run as it stands; one of `console` is run command by command, and must print what
stands under each. There, times and Entry-IDs may differ, and `…` stands for any text.
"""
import os
import re

import pytest
from markdown_it import MarkdownIt

import programs
from bare import Bare
from placeholders import PATTERNS

DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for path in programs.ROOT.glob(pattern))
# They run this very test.
NOT_RUN = ("scripts/test", "scripts/clients", "scripts/sync-tests", "scripts/terminal-tests")
VARYING = re.compile(rf"{PATTERNS['time']}|\b{PATTERNS['id']}\b")


def tokens(path):
    return MarkdownIt().parse(path.read_text())


def fences(path, *languages):
    return [(t.info.strip(), t.content) for t in tokens(path)
            if t.type == "fence" and t.info.strip() in languages]


def links(path):
    for token in tokens(path):
        for child in token.children or []:
            if child.type == "link_open":
                yield child.attrs["href"]


def scripts(path):
    """The shell text of a document, block by block, with what each is to print; None for anything."""
    for language, text in fences(path, "sh", "console"):
        if language == "sh":
            lines = [line for line in text.splitlines() if not line.startswith(NOT_RUN)]
            yield "\n".join(lines), None
            continue
        lines = text.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        assert starts and starts[0] == 0, f"{path.name}: a console block begins with '$ '"
        for start, end in zip(starts, starts[1:] + [len(lines)]):
            yield lines[start][2:], "\n".join(lines[start + 1:end])


def pattern(expected):
    """What matches the expected text, where `…` is any text within a line."""
    text = VARYING.sub("<varies>", expected.strip())
    return ".*".join(re.escape(part) for part in text.split("…"))


def install(home):
    """Puts the program where the documents have it."""
    place = home / ".local" / "bin"
    place.mkdir(parents=True)
    (place / "watercooler").symlink_to(programs.WC)


def environment(directory):
    home = directory / "home"
    install(home)
    path = f"{home}/.local/bin:{programs.BIN}:{os.environ['PATH']}"
    return {
        "HOME": str(home), "PATH": path, "GIT_CONFIG_NOSYSTEM": "1", "WATERCOOLER_USER": "alice",
        "WATERCOOLER_DIR": str(directory / ".watercooler"),
        # Not a release that another document builds this moment.
        "WATERCOOLER_BIN": str(programs.BIN),
    }


def names(paths):
    return [str(path.relative_to(programs.ROOT)) for path in paths]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_commands(document, tmp_path):
    variables = environment(tmp_path)
    for script, expected in scripts(document):
        done = programs.call(
            "bash", "-euo", "pipefail", "-c", script, environment=variables, at=programs.ROOT,
            text=True, patience=1500)
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        if expected is not None:
            printed = VARYING.sub("<varies>", done.stdout.strip())
            assert re.fullmatch(pattern(expected), printed), f"{script}\nprinted:\n{done.stdout}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_links(document):
    for link in links(document):
        if "://" not in link and not link.startswith("#"):
            assert (document.parent / link.split("#")[0]).exists(), link


EXAMPLES = {
    "claude-desktop": "claude_desktop_config.json", "claude-code": "mcp.json",
    "codex": "config.toml", "cursor": "mcp.json", "vscode": "mcp.json", "gemini": "settings.json",
}
# What the examples are made of: alice's settings.
LOCAL = {"WATERCOOLER_DIR": "/home/alice/project/.watercooler"}
SHARED = {"WATERCOOLER_GIT_REPO": "git@example.org:team/threads.git",
          "WATERCOOLER_GIT_SSH_KEY": "/home/alice/.ssh/watercooler-deploy"}


@pytest.mark.parametrize("client, name, variables", [
    *[(client, name, LOCAL) for client, name in EXAMPLES.items()],
    ("claude-desktop", "shared.json", SHARED)])
def test_an_example_is_what_wc_prints(client, name, variables, place):
    for variable in ("WATERCOOLER_AGENT", "WATERCOOLER_DIR"):
        del place.environment[variable]
    place.environment.update(variables)
    program = "/home/alice/.local/bin/watercooler-mcp"
    printed = place.wc("mcp", "config", client, "--command", program)
    assert printed == (programs.ROOT / "examples" / client / name).read_text()


def test_what_cron_and_systemd_run_is_silent_when_all_is_well(place, tmp_path):
    remote = Bare(tmp_path / "threads.git").directory
    clone = place.home / "project" / ".watercooler"
    place.wc("init", f"file://{remote}", "--dir", str(clone))
    place.wc("say", "plan", "-m", "Hello", "--dir", str(clone))
    install(place.home)
    examples = programs.ROOT / "examples"
    line = (examples / "cron" / "crontab").read_text().split(None, 5)[5]
    service = (examples / "systemd" / "watercooler-sync.service").read_text()
    unit = dict(one.split("=", 1) for one in service.splitlines() if "=" in one)
    started = f"{unit['Environment']} {unit['ExecStart']}".replace("%h", "$HOME")
    variables = {"HOME": str(place.home), "PATH": os.environ["PATH"]}
    for command in (line, started):
        done = programs.call("sh", "-c", command, environment=variables)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    remote.rename(tmp_path / "gone.git")
    done = programs.call("sh", "-c", line, environment=variables)
    assert done.returncode == 4 and done.stdout == b""
    assert len(done.stderr.splitlines()) == 1


def test_every_folder_is_in_the_layout():
    layout = (programs.ROOT / "docs" / "layout.md").read_text()
    sources = [programs.ROOT / "Sources" / module for module in ("Platform", "Watercooler")]
    folders = [path.name for source in sources for path in source.iterdir() if path.is_dir()]
    assert [name for name in [*folders, "MCP"] if f"| `{name}/` |" not in layout] == []
    files = set(re.findall(r"`((?:\w+/)+\w+\.swift)`", layout))
    places = [*sources, programs.ROOT / "Sources", programs.ROOT]
    assert [f for f in files if not any((place / f).exists() for place in places)] == []
