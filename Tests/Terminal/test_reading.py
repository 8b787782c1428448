"""What a person sees who reads and lists."""
import pytest

TITLES = {
    "release-plan": "Shall we ship on Friday, or rather wait until the tests of the importer are green?",
    "naming": "日本語のタイトルはどこまで見えますか、それとも切れますか",
    "party": "🎉 who brings 👩‍🚀 what?",
}


@pytest.fixture
def threads(place):
    for topic, title in TITLES.items():
        place.wc("say", topic, "-t", title, "-m", "body", "--as", "Codex (bob)")
    place.wc("init-thread", "old-times", "--status", "CLOSED")
    return place


@pytest.mark.parametrize("columns", [24, 40, 60, 80, 120, 200])
def test_a_list_fits_the_terminal(threads, open_screen, columns):
    shown = open_screen(columns=columns).runs("wc list", "-p").splitlines()
    rows = [line for line in shown if line.startswith("  ")]
    # A line that is too long would have become two.
    assert len(rows) == 4 and all(line.endswith("now") for line in rows), shown
    assert [line for line in shown if line and not line.startswith("  ")] == ["Your turn", "Closed"]
    assert all(any(line.startswith(f"  {topic}") for line in rows) for topic in TITLES)
    if columns == 200:
        assert all(any(title in line for line in rows) for title in TITLES.values())


def test_a_thread_has_a_bar_for_each_entry(threads, open_screen):
    threads.wc("say", "release-plan", "-m", "# Head\n\n- **one**\n- `two`\n\n" + "words " * 40)
    shown = open_screen(columns=60, lines=40).runs("wc read release-plan").splitlines()
    bars = [line for line in shown if line.startswith("── [")]
    assert [line[:18] for line in bars] == ["── [0] Shall we sh", "── [1, in your nam"]
    assert all(len(line) == 60 for line in bars[1:])
    assert not any(line.endswith("word") for line in shown)


@pytest.mark.parametrize("variables, is_colored", [
    ({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)])
def test_colours(threads, open_screen, variables, is_colored):
    screen = open_screen(**variables)
    screen.runs("wc read naming; wc list; wc search body")
    assert ("\x1b[" in screen.colored) == is_colored


@pytest.mark.parametrize("call, is_colored", [
    ("wc read naming | cat", False), ("wc read naming --color always | cat", True),
    ("wc list | cat", False), ("wc read naming --color never", False)])
def test_a_pipe_gets_clean_text(threads, open_screen, call, is_colored):
    screen = open_screen()
    assert TITLES["naming"] in screen.runs(call)
    assert ("\x1b[" in screen.colored) == is_colored


def test_a_long_thread_is_paged(threads, open_screen):
    threads.wc("say", "naming", "-m", "\n".join(f"line {n}" for n in range(100)))
    screen = open_screen()
    screen.type("wc read naming")
    screen.shows("[0]", ":")
    assert "line 99" not in screen.text
    screen.keys("G")
    screen.shows("line 99", "(END)")
    # Ctrl-C is the pager's, which forgets what was typed until then.
    screen.keys("C-c")
    screen.keys("g")
    screen.waits(lambda text: "[0]" in text or screen.keys("g"), "the pager, going on")
    screen.keys("q")
    screen.is_ready()
    assert screen.runs("wc read naming --no-pager").endswith("line 99")
    assert screen.runs("PAGER=cat wc read naming").endswith("line 99")
    assert screen.runs("PAGER='tail -n 1' wc read naming") == "  line 99"
    assert screen.runs("PAGER=no-such-pager wc read naming").endswith("line 99")
    assert screen.runs("PAGER='head -n 1' wc read naming") == f"naming: {TITLES['naming']}"


@pytest.mark.parametrize("pager", ["kill -9 $$", "exit 3", "cat >/dev/null; exit 1", "head -n 1; false"])
def test_what_a_pager_that_fails_was_to_show_is_not_seen(place, open_screen, pager):
    place.wc("say", "plan", "-t", "T", "-m", "the news")
    screen = open_screen()
    assert "counts as seen" not in screen.runs(f"PAGER='{pager}' wc updates --as Me")
    assert "the news" in screen.runs("wc updates --as Me --no-pager")


def test_a_pager_that_may_not_be_run_is_none(place, open_screen):
    place.wc("say", "plan", "-t", "T", "-m", "the news")
    (place.home / "pager").write_text("#!/bin/sh\ncat\n")
    screen = open_screen()
    assert "the news" in screen.runs("PAGER=./pager wc updates --as Me")
    assert "Nothing new" in screen.runs("wc updates --as Me")


def test_what_fits_is_not_paged(threads, open_screen):
    screen = open_screen(lines=40)
    assert "body" in screen.runs("wc read naming")


def test_nobodys_words_move_the_cursor(place, open_screen):
    place.wc("say", "evil", "-t", "red", "-", stdin="\x1b[2J\x1b[H\x1b]0;owned\x07\x1b[31mred\x9b1A")
    screen = open_screen(lines=50)
    shown = screen.runs("echo before; wc read evil; wc list; wc search red; wc updates --as Me")
    assert shown.startswith("before\n")
    assert "␛[2J␛[H␛]0;owned␇␛[31mred" in shown
    assert screen._tmux("display-message", "-p", "#{pane_title}").strip() != "owned"


def test_following_until_called_off(threads, open_screen):
    screen = open_screen(lines=50)
    screen.type("wc read party --follow")
    screen.shows("body")
    threads.wc("say", "party", "-m", "I bring salad")
    screen.shows("── [1, in your name] I bring salad")
    screen.keys("C-c")
    screen.is_ready()
    screen.type("echo code:$?")
    screen.shows("code:0")


def test_waiting_is_called_off(threads, open_screen):
    screen = open_screen()
    threads.wc("updates", "--as", "Me")
    screen.type("wc wait --as Me; echo code:$?")
    screen.shows("Ctrl-C ends it")
    screen.keys("C-c")
    screen.shows("^C", "code:130")


def test_a_slip_is_told(threads, open_screen):
    screen = open_screen()
    assert "did you mean 'list'?" in screen.runs("wc lst")
    assert "release-plan" in screen.runs("wc read release-pan")
    assert "did you mean '--last'?" in screen.runs("wc read naming --lst 1")
    assert "usage:" in screen.runs("wc")
    assert screen.runs("ls | wc -l").strip() == "0"
