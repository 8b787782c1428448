"""Threads of known times: their lists have one order, whenever it is that they are read."""

IDS = [f"01KE000000000000000000000{digit}" for digit in "0123456789"]
HEAD = """---
format: 1
topic: {topic}
title: {title}
status: {status}
ball: {ball}
created: 2026-01-0{day}T08:00:00Z
updated: 2026-01-0{day}T0{hour}:00:00Z
---

# {title}
"""
ENTRY = """
---
Entry: {agent} 2026-01-0{day}T0{hour}:00:00Z
Role: {role}
Type: Note
Title: {title}
Ball: {ball}

{body}
<!-- Entry-ID: {identity} -->
"""
LEGACY = """# legacy — Thread
Status: open
Ball: Codex (bob)
Topic: legacy
Created: 2025-11-01T08:00:00Z

---
Entry: Claude (alice) 2025-11-01T08:00:00Z
Role: planner
Type: Plan
Title: Before there were IDs

The deadline is near.
---
Entry: Codex (bob) 2025-11-02T08:00:00Z
Type: Note
Title: Seen

Yes.
"""


def thread(topic, day, status="OPEN", ball="Codex (bob)", agents=("Claude (alice)",)):
    """A thread of that day of January with an entry of each of the agents."""
    title = topic.replace("-", " ").capitalize()
    hour = 7 + max(1, len(agents))
    text = HEAD.format(topic=topic, title=title, status=status, ball=ball, day=day, hour=hour)
    for number, agent in enumerate(agents):
        text += ENTRY.format(
            agent=agent, day=day, hour=8 + number, role="critic" if number else "planner",
            title=f"Number {number}", ball=ball, body=f"Entry {number} of {topic}, with a DeadLine.",
            identity=f"01KE{day:03}{number:03}0000000000000000")
    return text


def threads():
    """All kinds, by their files' names."""
    mine, his = "Claude (alice)", "Codex (bob)"
    made = {
        # The one who has the ball has something to read: NEW, whoever looks.
        "yours": thread("yours", 7, ball=mine, agents=(mine, his)),
        "theirs": thread("theirs", 6, ball=his, agents=(his, mine)),
        # The last word is the holder's own.
        "waiting": thread("waiting", 5, ball=his, agents=(mine, his)),
        "in-review": thread("in-review", 4, status="IN_REVIEW", ball=mine, agents=(mine,)),
        "empty": thread("empty", 3, ball=mine, agents=()),
        # Closed, though the holder has not read the last entry.
        "closed-one": thread("closed-one", 9, status="CLOSED", ball=mine, agents=(his,)),
        "done-one": thread("done-one", 8, status="done", ball=his, agents=(his, mine)),
        "legacy": LEGACY,
        "merged-one": LEGACY.replace("open", "Merged").replace("legacy", "merged-one"),
    }
    return {f"{topic}.md": text for topic, text in made.items()}


DAMAGED = thread("damaged", 2).replace("status: OPEN\n", "status: OPEN\nno key and no colon\n")
