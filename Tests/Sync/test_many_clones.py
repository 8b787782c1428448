"""Many machines at once: all that they say arrives, whole, once, and stays where it was shown."""
import pytest

from clones import at_once


def by_command(clone, messages):
    for topic, body, ball in messages:
        clone.say(topic, body, "--ball", ball)


def by_server(clone, messages):
    with clone.server() as server:
        for topic, body, ball in messages:
            result = server.say(topic, body, ball=ball)
            assert result["isError"] is False, result
            assert result["structuredContent"]["state"] == "pushed", result


@pytest.mark.parametrize("write", [by_command, by_server])
@pytest.mark.parametrize("topics", ["one thread", "threads of their own"])
@pytest.mark.parametrize("count", [2, 8, 16])
def test_all_arrives(world, share, count, topics, write):
    clones = [world.clone() for _ in range(count)]
    entries = share(10)

    def work(clone):
        topic = "plan" if topics == "one thread" else f"plan-{clone.name}"
        messages = [(topic, world.body(clone.name), world.ball()) for _ in range(entries)]
        return lambda: write(clone, messages)

    at_once(*[work(clone) for clone in clones])
    assert len(world.ledger.acknowledged) == count * entries


def test_clones_that_exist_write_to_one_thread(world, share):
    """The same without the clones' making, which spreads the first writes."""
    clones = [world.clone() for _ in range(8)]
    for clone in clones:
        clone.say("plan", world.body())
    entries = share(20, least=2)

    def work(clone):
        return lambda: by_command(
            clone, [("plan", world.body(), world.ball()) for _ in range(entries)])

    at_once(*[work(clone) for clone in clones])
    assert len(world.ledger.acknowledged) == 8 * (entries + 1)


def test_a_change_that_others_made_too_is_no_mystery(world):
    """Of a change that is the same, nothing is left but its ID."""
    anna, ben = world.clone(), world.clone()
    for clone in (anna, ben):
        clone.wc("sync")
    anna.receipt("init-thread", "plan", "--title", "A plan")
    assert ben.receipt("init-thread", "plan", "--title", "A plan")["state"] == "pushed"
    for status in ("BLOCKED", "CLOSED", "OPEN"):
        anna.wc("sync")
        # The same, within the second in which it is noted, or nearly so.
        anna.receipt("status", "plan", status)
        assert ben.receipt("status", "plan", status)["state"] == "pushed"


@pytest.mark.parametrize("branch", ["main", "threads/of ours".replace(" ", "-")])
def test_the_same_topic_and_the_same_branch_are_made_at_once(make_world, share, branch):
    for _ in range(share(20, least=2)):
        world = make_world(branch=branch)
        clones = [world.clone() for _ in range(2)]
        at_once(*[lambda clone=clone: clone.say("plan", world.body()) for clone in clones])
        assert list(world.remote.bare.files(world.remote.bare.tip)) == ["plan.md"]


def test_the_same_topic_is_made_at_once_in_clones_that_exist(world, share):
    clones = [world.clone() for _ in range(4)]
    for clone in clones:
        clone.say("first", world.body())
    for number in range(share(20, least=2)):
        at_once(*[lambda clone=clone: clone.say(f"plan-{number}", world.body(), "-t", clone.name)
                  for clone in clones])


def test_what_arrived_meanwhile_is_in_the_receipt(world):
    here, there = world.clone(), world.clone()
    here.say("plan", world.body())
    other = there.say("plan", world.body())
    receipt = here.say("plan", world.body())
    assert any(other["entry_id"] in str(one) for one in receipt["arrived"]), receipt
    assert receipt["commit"] == world.remote.bare.tip


# Conditional writes

def race(world, writers, *condition):
    """All of them write on this condition; the receipts of those that could."""
    world.clones[0].git("fetch", "--quiet")
    wins, losses = [], []

    def write(clone):
        code, receipt, errors = clone.try_say("plan", world.body(), *condition, "--ball", "Codex")
        (wins if code == 0 else losses).append((code, receipt, errors))

    at_once(*[lambda clone=clone: write(clone) for clone in writers])
    assert {code for code, _, _ in losses} <= {3}, losses
    assert [receipt["state"] for _, receipt, _ in wins] == ["pushed"], (wins, losses)
    return wins[0][1]


@pytest.mark.parametrize("machines, processes", [(1, 8), (2, 1), (8, 1), (4, 2)])
def test_one_alone_wins_the_ball(world, share, machines, processes):
    clones = [world.clone() for _ in range(machines)]
    for clone in clones:
        clone.say("plan", world.body(), "--ball", "Claude")
    for _ in range(share(10)):
        race(world, clones * processes, "--if-ball", "Claude")
        clones[-1].say("plan", world.body(), "--ball", "Claude")


@pytest.mark.parametrize("machines, processes", [(1, 4), (4, 1)])
def test_one_alone_follows_the_entry_that_all_expect(world, share, machines, processes):
    clones = [world.clone() for _ in range(machines)]
    last = [clone.say("plan", world.body()) for clone in clones][-1]
    for _ in range(share(10)):
        last = race(world, clones * processes, "--expect", last["entry_id"])


def test_a_condition_holds_among_writers_who_have_none(world, share):
    """Whoever wins the ball saw it where it was: nobody got in between."""
    clones = [world.clone() for _ in range(4)]
    for clone in clones:
        clone.say("plan", world.body(), "--ball", "Claude")
    entries = share(20, least=2)
    won = []

    def conditional(clone):
        for _ in range(entries):
            code, receipt, errors = clone.try_say(
                "plan", world.body(), "--if-ball", "Claude", "--ball", "Codex")
            assert code in (0, 3), errors
            if code == 0:
                won.append(receipt["entry_id"])

    def unconditional(clone):
        for _ in range(entries):
            clone.say("plan", world.body(), "--ball", world.ball())

    works = [conditional, conditional, unconditional, unconditional]
    at_once(*[lambda work=work, clone=clone: work(clone) for work, clone in zip(works, clones)])
    entries = world.documents()["plan"].entries
    for before, entry in zip(entries, entries[1:]):
        if entry.identity in won:
            assert before.head["Ball"] == "Claude", f"{entry.identity} did not have the ball"
