"""Commits that are made beside the branch, by two at once: none has a part of the other."""
import json

from clones import at_once
from programs import eventually

def test_a_conditional_write_and_a_write_beside_an_edit(world, waiting_git):
    place, slowly = waiting_git
    here = world.clone("here")
    for topic in ("plan", "notes", "third"):
        here.say(topic, world.body(), "--ball", "Claude")
    slow, bodies = slowly(here, "fast-import"), [world.body(), world.body()]

    def say(topic, body, environment, *options):
        done = here.run(
            "say", topic, "-m", body, "--json", *options, environment=environment, code=0)
        world.ledger.acknowledge(json.loads(done.stdout)["receipt"], body)
        return done.stdout

    def beside_an_edit():
        eventually((place / "came").exists, "the conditional write")
        # Being saved this very moment: its entry is made beside the branch.
        file = here.file("notes")
        file.write_text(file.read_text().replace("topic: notes", "topic: notes\nowner: alice"))
        assert b"is being edited" in say("notes", bodies[1], {})

    def go_on():
        # It is committed, and waits for its turn to push.
        eventually(here.outbox, "the write beside the edit")
        (place / "go").touch()

    at_once(lambda: say("plan", bodies[0], slow, "--if-ball", "Claude"), beside_an_edit, go_on)
    eventually(lambda: here.run("sync").returncode == 0
               and b"owner: alice" in world.remote.bare.git("show", "main:notes.md"), "the edit")
    found = {topic: [entry.body for entry in document.entries][1:]
             for topic, document in world.documents().items()}
    assert found == {"plan": bodies[:1], "notes": bodies[1:], "third": []}
