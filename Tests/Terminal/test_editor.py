"""A body that is written in an editor."""
import pytest

from programs import write_program


@pytest.fixture
def editor(place, tmp_path):
    """Makes an editor that does what a shell script does with the file `$1`."""
    def make(script):
        program = write_program(tmp_path / "editor with a space",
                                f"#!/bin/sh\ncp \"$1\" '{tmp_path}/template'\n{script}\n")
        return f"'{program}'"
    return make


def drafts(place):
    return list(place.home.glob(".watercooler/state/*/drafts/*.md"))


def test_the_last_entries_are_shown_and_not_sent(place, tmp_path, editor, open_screen):
    for number in range(5):
        place.wc("say", "plan", "-m", f"# Number {number}\n\nEntry {number}.", "--as", "Codex")
    write = editor("""{ printf '# The heading\\n\\nA body, with a # sign.\\n'; cat "$1"; } >"$1.new"
mv "$1.new" "$1" """)
    open_screen(EDITOR=write).runs("wc say plan --ball Gemini")
    entry = place.read("plan")["entries"][-1]
    assert entry["body"] == "# The heading\n\nA body, with a # sign."
    assert (entry["title"], entry["ball"]) == ("The heading", "Gemini")
    template = (tmp_path / "template").read_text()
    assert template.startswith("\n\n<!-- ✂") and template.endswith("-->\n")
    assert [f"Entry {n}." in template for n in range(5)] == [False, False, True, True, True]
    assert drafts(place) == []


def test_an_editor_that_saves_other_line_ends(place, editor, open_screen):
    write = editor("""{ printf 'One\\nTwo\\n'; cat "$1"; } | sed 's/$/\\r/' >"$1.new"
mv "$1.new" "$1" """)
    open_screen(EDITOR=write).runs("wc say plan")
    assert place.read("plan")["entries"][0]["body"] == "One\nTwo"


def test_a_real_editor(place, open_screen):
    screen = open_screen(EDITOR=None, VISUAL=None)
    screen.type("wc say plan")
    screen.shows("is not part of the entry")
    screen.keys("i")
    screen._tmux("send-keys", "-l", "Typed by hand")
    screen.keys("Escape")
    screen.type(":wq")
    screen.shows("entry 0 added to 'plan'")
    assert place.read("plan")["entries"][0]["body"] == "Typed by hand"


@pytest.mark.parametrize("script", ["true", "echo ' ' >\"$1\"", "sed -i 1d \"$1\""])
def test_nothing_written_is_nothing_sent(place, editor, open_screen, script):
    shown = open_screen(EDITOR=editor(script)).runs("wc say plan")
    assert "error: the text is empty; nothing was written" in shown
    assert not place.file("plan").exists() and drafts(place) == []


@pytest.mark.parametrize("editor_command, words", [
    ("false", "the editor 'false' failed"), ("no-such-editor", "there is no editor 'no-such-editor'")])
def test_an_editor_that_fails(place, open_screen, editor_command, words):
    shown = open_screen(columns=200, VISUAL=editor_command).runs("wc say plan")
    assert f"error: {words}; nothing was written" in shown
    assert str(drafts(place)[0]) in shown
    assert not place.file("plan").exists()


def test_a_draft_is_kept_when_it_cannot_be_sent(place, editor, open_screen):
    place.wc("say", "plan", "-m", "first", "--ball", "Claude")
    screen = open_screen(columns=200, EDITOR=editor("echo 'Much work' >\"$1\""))
    shown = screen.runs("wc say plan --if-ball Nobody")
    [draft] = drafts(place)
    assert draft.read_text() == "Much work"
    assert f"your text is kept; send it with: wc say plan -F {draft}" in shown
    assert len(place.read("plan")["entries"]) == 1
    screen.runs(f"wc say plan -F {draft}")
    assert place.read("plan")["entries"][1]["body"] == "Much work"


def test_without_a_terminal_no_editor_opens(place):
    place.environment["EDITOR"] = "touch opened; false"
    done = place.run("say", "plan")
    assert done.returncode == 1 and not (place.home / "opened").exists()
    assert b"error: " in done.stderr
