"""What a clone's log tells of its contacts."""


def test_writes_reads_and_retries_are_counted(world):
    here, there = world.clone(), world.clone()
    here.say("plan", world.body())
    there.say("plan", world.body())
    # Others were faster: a second push, and a merge.
    receipt = here.say("plan", world.body())
    assert receipt["attempts"] == 2 and len(receipt["arrived"]) == 1
    here.environment["WATERCOOLER_FRESH"] = "0.001"
    here.wc("read", "plan")
    here.wc("sync", "--quiet")
    world.remote.go_away()
    here.say("plan", world.body(), state="blocked")
    stats = here.json("stats")["stats"]
    assert stats["writes"] == {"pushed": 2, "blocked": 1}
    assert (stats["merged"], stats["retries"], stats["arrived"], stats["waiting"]) == (1, 1, 1, 1)
    counts = {each["operation"]: each["count"] for each in stats["operations"]}
    assert counts == {"read": 1, "sync": 1, "write": 3}
    assert all(each["p50_ms"] <= each["p95_ms"] <= each["max_ms"] for each in stats["operations"])
    text = here.wc("stats")
    assert "writes: 1 blocked, 2 pushed\n" in text and "waiting: 1\n" in text
    world.remote.come_back()


def test_for_prometheus(world):
    clone = world.clone()
    clone.say("plan", world.body())
    lines = clone.wc("stats", "--prometheus").splitlines()
    assert 'watercooler_writes{state="pushed"} 1' in lines
    assert 'watercooler_operations{operation="write"} 1' in lines
    samples = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    assert samples == {line.split()[2] for line in lines if line.startswith("# TYPE")}


def test_without_a_remote_there_is_nothing_to_tell(place):
    done = place.run("stats")
    assert done.returncode == 1 and b"error: " in done.stderr
