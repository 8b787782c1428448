"""Other people's words move no cursor and turn no text, however they come to a terminal."""
import json

import pytest

from schemas import HANDSHAKE
from wire import Server

HOSTILE = "a\x1b[2Jb\x07c\x9b31md\u202eevil\u2066x\u2069\x7f e\r\nend"
SAFE = "می\u200cخواهم \u200e\u200f 👩‍🚀"
FORBIDDEN = [chr(code) for code in [*range(9), 11, 12, *range(13, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F),
                                    *range(0x2066, 0x206A)]]


@pytest.fixture
def hostile(place):
    body = place.work / "body"
    body.write_text(f"{HOSTILE}\n{SAFE}", newline="")
    place.wc("say", "plan", "-F", str(body), "-t", "A title\u202e \x1b[1m", "--as", "Zoe")
    return place


def check(text):
    assert not [hex(ord(one)) for one in FORBIDDEN if one in text], text
    return text


@pytest.mark.parametrize("command", [
    ["read", "plan"], ["search", "evil"], ["list"], ["updates"], ["reindex", "--out", "-"], ["whoami"],
    ["wait", "plan", "--timeout", "2s"]], ids=" ".join)
def test_nothing_of_them_comes_through_a_pipe(hostile, command):
    check(hostile.run(*command).stdout.decode())


def test_what_other_scripts_need_passes(hostile):
    assert SAFE in check(hostile.wc("read", "plan"))


def test_raw_and_json_give_the_bytes(hostile):
    assert HOSTILE.replace("\r", "").encode() in hostile.run("read", "plan", "--raw", code=0).stdout
    printed = hostile.wc("read", "plan", "--json")
    check(printed)
    body = json.loads(printed)["thread"]["entries"][0]["body"]
    assert HOSTILE.replace("\r", "") in body


def test_nothing_of_them_is_in_the_servers_text(hostile, shared_data):
    with Server(hostile, shared_data, HANDSHAKE[-1]) as server:
        server.open()
        for tool, arguments in [("read_thread", {"topic": "plan"}), ("list_threads", {}), ("list_updates", {}),
                                ("search", {"query": "evil"}), ("reindex", {})]:
            check(server.text(tool, **arguments))
        for result in [server.result("resources/read", {"uri": "watercooler://thread/plan"}),
                       server.result("prompts/get", {"name": "catch_up"}),
                       server.result("resources/list")]:
            check(json.dumps(result, ensure_ascii=False))
