"""A subscription that is made before its threads can be watched comes alive when they can be."""
from contextlib import contextmanager

import pytest

import programs
from bare import Bare, git
from schemas import HANDSHAKE, STATELESS
from wire import Server

URI = "watercooler://thread/plan"
UPDATED = "notifications/resources/updated"


@pytest.fixture
def remote(tmp_path):
    return str(Bare(tmp_path / "r.git").directory)


@pytest.fixture
def other(tmp_path, remote):
    """Somebody who writes in a clone of their own."""
    other = programs.Place(tmp_path / "other", "Codex", WATERCOOLER_GIT_REPO=remote)
    other.wc("say", "plan", "-m", "first")
    return other


@pytest.fixture(params=[HANDSHAKE[-1], STATELESS])
def subscribed(request, place, shared_data):
    """Starts a server that has agreed to tell of the thread."""
    @contextmanager
    def start():
        with Server(place, shared_data, request.param) as server:
            server.open()
            subscribe(server)
            yield server
            server.end_input()
            while server.receive_or_end():
                pass

    # What is not asked of the remote soon is not asked at all.
    place.environment["WATERCOOLER_POLL"] = "1"
    return start


def subscribe(server):
    if server.is_stateless:
        server.send(server.message("s", "subscriptions/listen",
                                   {"notifications": {"resourceSubscriptions": [URI]}}))
        assert server.receive()["method"].endswith("acknowledged")
    else:
        assert server.result("resources/subscribe", {"uri": URI}) == {}


def wait_until_told(server):
    while server.receive()["method"] != UPDATED:
        pass


def hear_of_the_other(server, other):
    """What others push is told, which nobody here asks for but the watch."""
    other.wc("say", "plan", "-m", "from afar")
    wait_until_told(server)


def test_before_the_clone_is_made(place, other, remote, subscribed):
    with subscribed() as server:
        place.run("init", remote)
        wait_until_told(server)
        hear_of_the_other(server, other)


def test_while_git_cannot_read_its_configuration(place, other, remote, subscribed):
    place.run("init", remote)
    (place.home / ".gitconfig").write_text("[broken\n")
    with subscribed() as server:
        (place.home / ".gitconfig").write_text("")
        wait_until_told(server)
        hear_of_the_other(server, other)


def test_while_a_setting_is_none(place, other, remote, subscribed):
    place.environment.pop("WATERCOOLER_POLL")
    place.run("init", remote)
    git("config", "watercooler.poll", "often", directory=place.threads)
    with subscribed() as server:
        git("config", "watercooler.poll", "1", directory=place.threads)
        wait_until_told(server)
        hear_of_the_other(server, other)


def test_a_later_one_is_as_good(place, other, remote, subscribed):
    with subscribed() as early:
        place.run("init", remote)
        wait_until_told(early)
        with subscribed() as later:
            hear_of_the_other(later, other)
