"""Real threads of the Python tool, through the built `wc`. Nothing of their text stands here."""
import re
import shutil

import pytest

import programs
import test_old_readers

SWIFT = programs.ROOT / "Tests" / "WatercoolerTests" / "Threads" / "CorpusTests.swift"
# The names of the threads and their numbers of entries stand in one place.
COUNTS = {
    name: int(count) for name, count in re.findall(r'\("([\w-]+)", (\d+)\)', SWIFT.read_text())}
HEAD_KEY = re.compile(
    rb"^(#.* \xe2\x80\x94 Thread|(title|status|ball|topic|created|updated):.*)$", re.I)
QUOTED = re.compile(rb"^\\(?=\\*(Entry:|<!-- *Entry-ID:))", re.MULTILINE)


@pytest.fixture
def corpus(place, shared_data):
    """A copy of the corpus as the threads directory."""
    shutil.copytree(shared_data / "corpus" / "legacy-threads", place.threads)
    return place


def test_every_thread_is_listed_and_what_is_none_is_not(corpus):
    assert len(COUNTS) == 10
    files = {path.stem for path in corpus.threads.glob("*.md")}
    assert files - {"index"} == set(COUNTS)
    listed = {thread["topic"]: thread for thread in corpus.list()}
    assert {topic: thread["entry_count"] for topic, thread in listed.items()} == COUNTS
    assert not any(thread["problem"] for thread in listed.values())
    assert len(corpus.wc("list").splitlines()) == len(COUNTS)


def test_reading_changes_no_file(corpus):
    before = {path.name: path.read_bytes() for path in corpus.threads.iterdir()}
    corpus.wc("list")
    corpus.wc("search", "the")
    for topic in COUNTS:
        corpus.wc("read", topic)
    assert {path.name: path.read_bytes() for path in corpus.threads.iterdir()} == before


@pytest.mark.parametrize("topic", COUNTS)
def test_a_thread_has_its_entries(corpus, topic):
    shown = corpus.read(topic)
    assert shown["entry_count"] == len(shown["entries"]) == COUNTS[topic]
    assert shown["problem"] is None
    assert corpus.run("read", topic, "--raw").stdout == corpus.file(topic).read_bytes()


@pytest.mark.parametrize("topic", COUNTS)
def test_a_first_write_keeps_what_was_there(corpus, topic):
    old, index = corpus.file(topic).read_bytes(), corpus.file("index").read_bytes()
    before = corpus.read(topic)
    corpus.wc("say", topic, "-t", "Hello", "-m", "From wc", "--ball", "Codex")
    new, after = corpus.file(topic).read_bytes(), corpus.read(topic)
    assert after["entries"][:-1] == before["entries"]
    assert after["entries"][-1]["body"] == "From wc"
    assert (after["title"], after["status"], after["created"]) == (
        before["title"], before["status"], before["created"])
    # All after the head is there in one piece, but for the quoting of lines that mean something.
    head, rest = old.split(b"\n\n", 1)
    assert not QUOTED.search(rest)
    assert rest.rstrip() in QUOTED.sub(b"", new)
    for line in head.splitlines():
        assert HEAD_KEY.match(line) or line in new.splitlines()
    assert corpus.file("index").read_bytes() == index
    # And a second write has nothing left to convert.
    corpus.wc("ack", topic)
    assert corpus.file(topic).read_bytes().count(new.split(b"---\n", 2)[2]) == 1


@pytest.mark.parametrize("topic", COUNTS)
def test_the_python_tool_reads_what_became_of_it(corpus, topic):
    corpus.wc("say", topic, "-t", "Hello", "-m", "From wc", "--ball", "Codex")
    test_old_readers.check(corpus, topic)
