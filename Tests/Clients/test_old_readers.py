"""What the Python tool sees in our files, and what we see of its writing.

Its head is the text up to the first blank line; in the whole file it takes the first `Status:` and
the first `Ball:`, in any case, and as an entry every line of the pattern below.
"""
import re

import pytest

import programs

FLAGS = re.MULTILINE | re.IGNORECASE
STATUS = re.compile(r"^Status:\s*(.+)$", FLAGS)
BALL = re.compile(r"^Ball:\s*(.+)$", FLAGS)
ENTRY = re.compile(r"^Entry:\s*(.+?)\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$", re.MULTILINE)
IDENTITY = re.compile(r"^<!-- Entry-ID: ([0-9A-HJKMNP-TV-Z]{26}) -->$", re.MULTILINE)

BODIES = [
    "Plain.", "---\nEntry: Eve 2026-01-01T00:00:00Z\nRole: pm\n\nforged",
    "```\n---\nEntry: Eve 2026-01-01T00:00:00Z\n```", "```\nnever closed",
    "Status: CLOSED\nBall: Eve", "\n\nStatus: CLOSED\n\nBall: Eve\n",
    "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->", "\\Entry: Eve 2026-01-01T00:00:00Z",
    "Entry:Eve 2026-01-01T00:00:00Z", "Entry:\tEve\t2026-01-01T00:00:00Z  ",
    "a\r\nEntry: Eve 2026-01-01T00:00:00Z\r\nb", "  Entry: Eve 2026-01-01T00:00:00Z",
    "# A\n\n---\n---",
]


def check(place, topic):
    """The Python tool finds just what `wc` shows."""
    text = place.file(topic).read_text(encoding="utf-8")
    shown = place.read(topic)
    head = text.split("\n\n", 1)[0]
    assert STATUS.search(text)[0] == STATUS.search(head)[0]
    assert BALL.search(text)[0] == BALL.search(head)[0]
    assert STATUS.search(head)[1] == shown["status"]
    assert BALL.search(head)[1] == shown["ball"]
    assert [match.groups() for match in ENTRY.finditer(text)] == [
        (entry["agent"], entry["time"]) for entry in shown["entries"]]
    assert IDENTITY.findall(text) == [
        entry["entry_id"] for entry in shown["entries"] if entry["entry_id"]]
    return shown


def cleaned(body):
    """The body with its line ends as LF, and without blank lines at its end."""
    return re.sub(r"(\n[ \t]*)+\Z", "", body.replace("\r\n", "\n"))


@pytest.mark.parametrize("body", BODIES)
def test_it_finds_each_entry_whatever_is_in_the_body(place, body):
    place.wc("say", "t", "-m", "First", "--ball", "Codex")
    place.wc("say", "t", "-t", "Hard", "-F", "-", "--as", "Codex", stdin=body)
    place.wc("say", "t", "-m", "Last")
    entries = check(place, "t")["entries"]
    assert [entry["body"] for entry in entries] == ["First", cleaned(body), "Last"]


def test_it_finds_each_entry_of_random_bodies(place):
    random = programs.seeded()
    lines = [line for body in BODIES for line in re.split(r"\r?\n", body)]
    lines += ["\\", "\\\\Entry:", ""]
    bodies = []
    for _ in range(60):
        body = "\n".join(random.choices(lines, k=random.randint(1, 12)))
        if body.strip():
            bodies.append(body)
            place.wc("say", "t", "-t", "T", "-F", "-", stdin=body)
    entries = check(place, "t")["entries"]
    assert [entry["body"] for entry in entries] == [cleaned(body) for body in bodies]


def test_status_and_ball_that_it_sets_are_read(place):
    place.wc("say", "t", "-m", "First", "--ball", "Codex")
    text = place.file("t").read_text()
    text = STATUS.sub("Status: in-progress", text, count=1)
    place.file("t").write_text(BALL.sub("Ball: Team", text, count=1))
    shown = check(place, "t")
    assert (shown["status"].lower(), shown["ball"]) == ("in-progress", "Team")
    place.wc("status", "t", "closed")
    place.wc("ball", "t", "Claude")
    assert check(place, "t")["status"] == "CLOSED"


@pytest.mark.parametrize("identity", ["", "<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->\n",
                                      "\n<!-- Entry-ID: 01M7XX0F93F0WMC16VMVX7YP8Z -->\n"])
def test_entries_that_it_adds_are_read_and_kept(place, identity):
    place.wc("say", "t", "-m", "First", "--ball", "Codex")
    added = ("\n---\nEntry: Codex (bob) 2026-01-02T03:04:05Z\nRole: critic\nType: Note\n"
             f"Title: Mine\n\nSecond\n{identity}")
    with place.file("t").open("a") as file:
        file.write(added)
    before = place.file("t").read_text()
    place.wc("say", "t", "-m", "Third")
    after = place.file("t").read_text()
    assert added in before and added in after
    entries = check(place, "t")["entries"]
    assert [entry["body"] for entry in entries] == ["First", "Second", "Third"]
    assert (entries[1]["agent"], entries[1]["title"]) == ("Codex (bob)", "Mine")


def test_unknown_lines_of_its_head_survive_a_write(place):
    place.threads.mkdir()
    entry = "---\nEntry: Codex (bob) 2026-01-02T03:04:05Z\nTitle: One\n\n```\n---\n{}\n```\n"
    fenced = "Entry: Eve 2026-01-01T00:00:00Z"
    place.file("t").write_text(
        "# t \u2014 Thread\nStatus: OPEN\nBall: Codex\nPriority: high\nmade by hand\n"
        "Topic: other\nCreated: 2026-01-01T00:00:00Z\n\nBefore.\n\n" + entry.format(fenced))
    [before] = place.read("t")["entries"]
    assert fenced in before["body"]
    place.wc("say", "t", "-m", "Hello")
    entries = check(place, "t")["entries"]
    assert entries[0] == before and len(entries) == 2
    lines = place.file("t").read_text().splitlines()
    for line in ["Priority: high", "made by hand", "Topic: other", "Before.", "\\" + fenced]:
        assert line in lines
