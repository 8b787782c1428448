"""Heads that `wc` writes and a YAML library reads, and the other way round."""
import json
from datetime import datetime, timezone

import pytest
import yaml

import programs

HARD = [
    "a: b", "a:b", "ends with:", ": begins", "a # b", "a#b", "# a", "- a", "-a", "---", "...", "-",
    "? a", "?", "'single'", '"double"', "it's", 'say "hi"', "back\\slash", "\\n", "'", '"', "''",
    "null", "Null", "NULL", "~", "yes", "No", "ON", "off", "y", "N", "true", "False", "=", "<<",
    "0", "1", "-1", "+1", "007", "0o7", "0x1F", "1_000", "1e3", "1.5", ".5", "5.", "-.5e-3", ".inf",
    "-.INF", ".nan", "1:30", "190:20:30", "0b101", "2026-11-21", "2026-11-21T01:54:50Z",
    "2026-11-21 01:54:50", "[a]", "[", "]", "{a: b}", "{", "}", "a, b", ",", "&a", "*a", "!a",
    "!!str", "|", ">", "|-", "%a", "@a", "`a`", "a\tb", "a: \tb", "a\t# b", "é", "naïve: yes",
    "日本語", "🚢", "\u00a0x\u00a0", "\ufeffx", "x\u200b", "\u007f", "e\u0301", "key: value # comment",
    "<html>", "a|b", "$HOME", "{{x}}", "*", "&", "!", "%", "@", "`", "--- a", "a ---", "  spaces  ",
    " - x ", "\ttab\t", "inf", "nan", "-inf", "+.inf", "0.", "1e", "e1", "_1", "1__0", "12e03",
    "-0b1", "1:2:3", "0:0", "-0x1f",
]
BREAKS = "\n\r\v\f\u0085\u2028\u2029\0"


def head(place, topic):
    """The front matter as a YAML library understands it."""
    start, _, rest = place.file(topic).read_bytes().decode().partition("---\n")
    text, end, _ = rest.partition("\n---\n")
    assert start == "" and end
    return yaml.safe_load(text)


def check_head(place, topic):
    """The values that `wc` shows are those that the YAML library reads."""
    shown, read = place.read(topic), head(place, topic)
    assert read["format"] == 1 and type(read["format"]) is int
    for key in ("topic", "title", "status", "ball"):
        assert read[key] == shown[key] and type(read[key]) is str, (key, read[key], shown[key])
    for key in ("created", "updated"):
        if key in read:
            time = datetime.fromisoformat(shown[key].replace("Z", "+00:00"))
            assert read[key].replace(tzinfo=timezone.utc) == time
    return read


@pytest.mark.parametrize("text", HARD)
def test_a_hard_string_is_read_back_by_both(place, text):
    wanted = text.strip(" \t")
    # A list is no agent, and is refused as one.
    ball = "Codex" if "," in text else text
    place.wc("init-thread", "hard", f"--title={text}", f"--status={text}", f"--ball={ball}")
    read = check_head(place, "hard")
    assert [read[key] for key in ("title", "status", "ball")] == [wanted, wanted, ball.strip(" \t")]
    place.wc("ball", "hard", "--", "Claude")
    place.wc("status", "hard", "--", text)
    place.wc("ball", "hard", "--", ball)
    read = check_head(place, "hard")
    assert (read["status"], read["ball"]) == (wanted.upper(), ball.strip(" \t"))


def test_letters_that_only_look_the_same_are_not_the_same(place):
    place.wc("init-thread", "t", "--ball=\u00e9", "--status=\u00c9")
    place.wc("ball", "t", "e\u0301")
    place.wc("status", "t", "E\u0301")
    read = check_head(place, "t")
    assert (read["status"], read["ball"]) == ("E\u0301", "e\u0301")


def test_topics_that_look_like_something_else_are_strings(place):
    for topic in ["null", "yes", "1", "1e3", "2026-11-21", "0x1f", "1.5", "on", "1_000"]:
        place.wc("say", topic, "-m", "Hello")
        assert check_head(place, topic)["topic"] == topic


def random_text(random):
    """Text of the characters that YAML has plans for, mixed with others."""
    alphabet = ("-?:,[]{}#&*!|>'\"%@`\\ \t~=<0123456789.+_eExXoOabnyNTZ/"
                "\u00e9\u00a0\u007f\u0080\u009f\u200b\ufeff\u65e5\U0001f6a2\x01\x1b")
    return "".join(random.choice(alphabet) for _ in range(random.randint(1, 12)))


def test_random_strings_are_read_back_by_both(place):
    random = programs.seeded()
    for number in range(150):
        text = random_text(random)
        if not text.strip(" \t"):
            continue
        topic = f"t{number}"
        place.wc("init-thread", topic, f"--title={text}", f"--status={text}", "--ball=Codex")
        read = check_head(place, topic)
        assert read["title"] == text.strip(" \t"), repr(text)


def test_what_a_yaml_library_writes_is_read(place):
    random = programs.seeded()
    place.threads.mkdir()
    texts = [text.strip(" \t") for text in HARD] + [random_text(random).strip(" \t")
                                                   for _ in range(100)]
    for number, text in enumerate(filter(None, texts)):
        for style in (None, "'", '"'):
            topic = f"t{number}{'psd'[(None, chr(39), chr(34)).index(style)]}"
            value = {"format": 1, "topic": topic, "title": text, "status": "OPEN", "ball": "Codex"}
            written = yaml.safe_dump(
                value, default_style=style, allow_unicode=random.random() < 0.5, width=1 << 30,
                sort_keys=False)
            place.file(topic).write_text(f"---\n{written}---\n\n# T\n", encoding="utf-8")
    for thread in place.list():
        read = head(place, thread["topic"])
        assert thread["title"] == read["title"], (read["title"], thread["title"])
        assert (thread["ball"], thread["status"]) == ("Codex", "OPEN")


@pytest.mark.parametrize("character", BREAKS)
def test_a_line_break_in_a_single_line_is_refused(place, character):
    server = place.call(
        programs.SERVER, at="/", stdin="\n".join(json.dumps(message) for message in [
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {}},
            *({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": "watercooler_v1_say", "arguments": {
                    "topic": "t", "title": "t", "body": "b", key: f"a{character}b"}}}
              for key in ("title", "ball", "status", "role", "entry_type", "agent"))]))
    answers = [json.loads(line) for line in server.stdout.splitlines()][1:]
    assert answers and all(answer.get("error") or answer["result"]["isError"]
                           for answer in answers)
    assert not place.file("t").exists()


def test_unknown_keys_and_comments_survive_a_write(place):
    place.threads.mkdir()
    extra = "# mine\nlabels: [a, 'b: c']\nNested:\n  deep: {x: 1}\nStatus2: 'it''s'  # why\n"
    before = f"---\nformat: 1\ntitle: T\n{extra}status: OPEN # soon\nball: Codex\n---\n\n# T\n"
    place.file("t").write_text(before)
    place.wc("say", "t", "-m", "Hello", "--status", "closed")
    after = place.file("t").read_text()
    assert extra in after
    assert "status: CLOSED # soon\n" in after
    place.wc("ball", "t", "a: b")
    assert extra in place.file("t").read_text()
    assert place.read("t")["ball"] == "a: b"
