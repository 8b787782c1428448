"""The Tab key, in the real shells."""
import pytest

import programs

SHELLS = ["bash", "zsh", "fish"]


@pytest.fixture(params=SHELLS)
def screen(request, place, open_screen):
    place.wc("say", "release-plan", "-m", "x", "--as", "Codex (bob)")
    (place.home / "results.md").write_text("x")
    (place.home / "reports").mkdir()
    screen = open_screen(shell=request.param, columns=100)
    if request.param == "zsh":
        screen.type("autoload -Uz compinit; compinit -D -u; unsetopt list_beep menu_complete")
    if request.param == "fish":
        screen.type("watercooler completion fish | source")
    else:
        screen.type(f"source <(watercooler completion {request.param})")
    screen.type("clear")
    screen.waits(lambda text: text.strip() == "ready>", "a clean screen")
    return screen


@pytest.mark.parametrize("typed, completed", [
    ("watercooler upd", "watercooler updates"),
    ("wc handof", "wc handoff"),
    ("wc read rel", "wc read release-plan"),
    ("wc say release-plan --rol", "wc say release-plan --role"),
    ("wc say release-plan --role test", "wc say release-plan --role tester"),
    ("wc status release-plan BLO", "wc status release-plan BLOCKED"),
    ("wc ball release-plan Tea", "wc ball release-plan Team"),
    ("wc say release-plan -F resu", "wc say release-plan -F results.md"),
    ("wc list --dir repo", "wc list --dir reports/"),
    ("wc mcp inst", "wc mcp install"),
    ("wc mcp install gem", "wc mcp install gemini"),
    ("wc help comp", "wc help completion"),
    ("wc config coun", "wc config counterpart"),
    ("wc -l resu", "wc -l results.md"),
])
def test_what_one_tab_makes_of_it(screen, typed, completed):
    screen._tmux("send-keys", "-l", typed)
    screen.keys("Tab")
    screen.waits(lambda text: completed in text.splitlines()[0], completed)


def ask(place, *words):
    """The words that are offered."""
    return [line.split("\t")[0] for line in place.wc("__complete", *words).splitlines()]


@pytest.mark.parametrize("words, offered", [
    (["read", "rel"], ["release-plan"]), (["read", "NAM"], ["naming"]), (["read", "x"], []),
    (["read", "release-plan", ""], []), (["read", "--last", ""], []),
    (["read", "--last", "1", "n"], ["naming"]), (["say", "--as", "co"], ["Codex", "Codex (bob)"]),
    (["say", "--role", "=", "pl"], ["planner"]), (["say", "--role", "="], [
        "planner", "critic", "implementer", "tester", "pm", "scribe"]),
    (["list", "--dir"], ["--dir"]), (["list", "--dir", ""], [":directories"]),
    (["read", "--", "-"], []), (["nonsense", ""], []), (["outbox", "d"], ["drop"]),
    (["wait", "--ball", ""], ["me"]), (["list", "--color", "a"], ["auto", "always"]),
    (["status", "release-plan", ""], ["OPEN", "IN_REVIEW", "BLOCKED", "CLOSED"]),
    (["say", "release-plan", ""], []), (["search", "--topic", "n"], ["naming"]),
])
def test_what_is_offered(place, words, offered):
    for topic, agent in (("release-plan", "Codex (bob)"), ("naming", "Claude")):
        place.wc("say", topic, "-m", "x", "--as", agent)
    assert ask(place, "watercooler", *words) == offered


def test_every_command_and_option_is_offered(place):
    commands = ask(place, "watercooler", "")
    for command in commands:
        spellings = ask(place, "watercooler", command, "--")
        text = place.wc("help", command)
        assert all(spelling in text for spelling in ["--json", *spellings])
    assert {"say", "read", "completion", "stats"} <= set(commands)


def test_where_nothing_can_be_read_nothing_is_offered(place, tmp_path):
    place.environment["WATERCOOLER_DIR"] = str(tmp_path / "nowhere")
    assert ask(place, "watercooler", "read", "") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_are_whole(place, shell, tmp_path):
    script = tmp_path / "script"
    script.write_text(place.wc("completion", shell))
    programs.call(shell, "-n", script, code=0)
