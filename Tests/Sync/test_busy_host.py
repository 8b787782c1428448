"""A host that answers 429 or 503 and says when it may be asked again: it is left alone until then."""
import json
import time
from email.utils import formatdate

import pytest

CREDENTIAL = "s3cret-t0ken"


@pytest.fixture
def busy(make_world):
    """Two clones, of which one has a thread, and a host that can be busy."""
    world = make_world("http", token=CREDENTIAL)
    here, there = world.clone("here"), world.clone("there")
    for clone in (here, there):
        clone.environment["WATERCOOLER_FRESH"] = "0.001"
        clone.say("plan", world.body())
        clone.wc("sync")
    world.remote.server.take_requests()
    return world, here, there


def note(clone):
    return clone.threads / ".git" / "watercooler" / "retry-after"


def let_time_pass(clone):
    """Has the moment be over, as it is once time has passed."""
    until, rest = note(clone).read_text().split(" ", 1)
    note(clone).write_text(f"{int(time.time()) - 1} {rest}")


def until(clone):
    return int(note(clone).read_text().split()[0])


def check_is_left_alone(world, clone):
    """No command asks the host, and each says when it may be asked again."""
    server = world.remote.server
    server.be_free()
    server.take_requests()
    receipt = clone.say("plan", world.body(), state="queued")
    words = "the remote asks to be left alone until "
    assert receipt["problem"].startswith(words), receipt
    read = json.loads(clone.run("read", "plan", "--json").stdout)
    assert words in str(read["freshness"]["problem"]), read["freshness"]
    assert read["thread"]["entries"][-1]["entry_id"] == receipt["entry_id"]
    done = clone.run("sync", "--quiet")
    assert done.returncode == 4 and words.encode() in done.stderr, done
    done = clone.run("doctor")
    assert done.returncode == 1 and words.encode() in done.stdout, done
    assert b"nothing to do before that; what waits is sent" in done.stdout, done
    assert b"damaged" not in done.stdout, done
    done = clone.run("say", "plan", "-m", "x", "--if-ball", "Nobody")
    assert done.returncode != 0 and words.encode() in done.stderr, done
    clone.run("wait", "plan", "--timeout", "1s")
    assert server.take_requests() == []


def check_goes_on(world, clone, other):
    let_time_pass(clone)
    clone.wc("sync")
    assert clone.outbox() == []
    assert other.read("plan")["entry_count"] == clone.read("plan")["entry_count"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date", "date-without-a-clock"])
def test_a_host_is_left_alone_until_it_says(busy, status, form):
    world, here, there = busy
    # Its clock is an hour ahead, as it says itself.
    later = time.time() + (3600 if form == "date" else 0)
    headers = {"Retry_After": "120"}
    if form != "seconds":
        headers["Retry_After"] = formatdate(later + 120, usegmt=True)
    if form == "date":
        headers["Date"] = formatdate(later, usegmt=True)
    before = time.time()
    world.remote.server.be_busy(status, **headers)
    receipt = here.say("plan", world.body(), state="queued")
    assert "left alone until" in receipt["problem"] and f"answered {status}" in receipt["problem"]
    assert before + 118 <= until(here) <= time.time() + 122
    check_is_left_alone(world, here)
    # The other clone has not been told.
    there.say("plan", world.body())
    check_goes_on(world, here, there)


def test_a_reading_is_told_too(busy):
    world, here, there = busy
    world.remote.server.be_busy(429, Retry_After="60")
    read = json.loads(here.run("read", "plan", "--json").stdout)
    assert "left alone until" in read["freshness"]["problem"], read["freshness"]
    check_is_left_alone(world, here)
    check_goes_on(world, here, there)


def test_a_server_keeps_to_it(busy):
    world, here, there = busy
    world.remote.server.be_busy(503, Retry_After="60")
    with here.server() as server:
        assert server.say("plan", world.body())["structuredContent"]["state"] == "queued"
        world.remote.server.be_free()
        world.remote.server.take_requests()
        assert server.say("plan", world.body())["structuredContent"]["state"] == "queued"
        server.call("read_thread", topic="plan")
        assert world.remote.server.take_requests() == []
        let_time_pass(here)
        assert server.say("plan", world.body())["structuredContent"]["state"] == "pushed"
    assert there.read("plan")["entry_count"] == 5


@pytest.mark.parametrize("status, state", [(429, "queued"), (503, "unknown")])
def test_a_push_that_was_refused_on_its_way(busy, status, state):
    """A 429 is a no; a 503 may be of a gateway, and what it gave on may have arrived."""
    world, here, there = busy
    here.wc("sync")
    world.remote.server.be_busy(status, ["POST"], Retry_After="60")
    receipt = here.say("plan", world.body(), state=state)
    assert "left alone until" in receipt["problem"] and receipt["attempts"] == 1, receipt
    world.remote.server.be_free()
    check_goes_on(world, here, there)


@pytest.mark.parametrize("value", ["", "0", "-5", "soon", "1.5", "12 s", "Mon, 30 Feb", "٣",
                                   "Sun, 06 Nov 1994 08:49:37 GMT", None])
def test_what_is_no_time_is_not_kept_to(busy, value):
    world, here, there = busy
    world.remote.server.be_busy(429, **({} if value is None else
                                        {"Retry_After": value.encode().decode("latin-1")}))
    receipt = here.say("plan", world.body(), state="queued")
    assert "left alone" not in receipt["problem"] and "429" in receipt["problem"], receipt
    assert not note(here).exists()
    world.remote.server.be_free()
    here.wc("sync")
    assert there.read("plan")["entry_count"] == 3


@pytest.mark.parametrize("value", ["86400", "9" * 40, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_no_clone_is_silent_for_longer_than_an_hour(busy, value):
    world, here, there = busy
    world.remote.server.be_busy(429, Retry_After=value)
    here.say("plan", world.body(), state="queued")
    world.remote.server.be_free()
    assert time.time() + 3500 < until(here) <= time.time() + 3601
    # What a note says beyond that is not believed, as after a clock that was wrong.
    rest = note(here).read_text().split(" ", 1)[1]
    note(here).write_text(f"{int(time.time()) + 90000} {rest}")
    here.say("plan", world.body())
    for broken in ["", "x", f"{int(time.time()) + 60}", f"{int(time.time()) + 60} 429 http://x\n"]:
        note(here).write_text(broken)
        here.say("plan", world.body())
    assert there.read("plan")["entry_count"] == here.read("plan")["entry_count"]


def test_another_remote_did_not_ask_for_it(busy):
    world, here, there = busy
    world.remote.server.be_busy(429, Retry_After="60")
    here.say("plan", world.body(), state="queued")
    world.remote.server.be_free()
    url = world.remote.url.replace("127.0.0.1", "localhost")
    here.git("remote", "set-url", "origin", url)
    here.environment["WATERCOOLER_GIT_REPO"] = url
    here.wc("sync")
    assert there.read("plan")["entry_count"] == 3


def test_a_first_clone_only_shows_it(make_world):
    world = make_world("http")
    world.clone("other").say("plan", world.body())
    clone = world.clone()
    world.remote.server.be_busy(429, Retry_After="60")
    for command in [["init", world.remote.url, "--dir", str(clone.threads)], ["list"]]:
        done = clone.run(*command)
        assert done.returncode == 1 and not clone.threads.exists()
        assert b"the remote asks to be left alone until 2" in done.stderr, done
        assert b"hint: try again after that\n" in done.stderr, done
    world.remote.server.be_free()
    clone.say("plan", world.body())


def test_the_trace_leaves_nothing(busy):
    """No secret, and no file: not of an answer that is no, not of one that is yes."""
    world, here, there = busy
    here.git("config", "http.extraHeader", "X-Own: s3cret-header")
    world.remote.server.be_busy(429, Retry_After="60", Set_Cookie="sid=s3cret-cookie")
    receipt = here.say("plan", world.body(), state="queued")
    assert "s3cret" not in str(receipt)
    assert b"s3cret" not in here.run("doctor").stdout
    let_time_pass(here)
    world.remote.server.be_busy(500, Set_Cookie="sid=s3cret-cookie")
    receipt = here.say("plan", world.body(), state="queued")
    assert "http.c" not in str(receipt) and "s3cret" not in str(receipt), receipt
    world.remote.server.be_free()
    here.wc("sync")
    for path in here.threads.parent.rglob("*"):
        if path.is_file() and path.name != "config" and path.parent != world.remote.bare.directory:
            data = path.read_bytes()
            assert b"s3cret-header" not in data and b"s3cret-cookie" not in data, path
            assert b"http.c:" not in data, path


def test_somebodys_own_trace_stays_theirs(busy, tmp_path):
    world, here, there = busy
    here.environment["GIT_TRACE_CURL"] = str(tmp_path / "trace")
    here.say("plan", world.body())
    assert "Recv header" in (tmp_path / "trace").read_text()
    here.environment["GIT_TRACE_CURL"] = "1"
    here.environment["GIT_TRACE_BARE"] = "1"
    world.remote.server.be_busy(429, Retry_After="60")
    assert "left alone" in here.say("plan", world.body(), state="queued")["problem"]
    world.remote.server.be_free()
    check_goes_on(world, here, there)
