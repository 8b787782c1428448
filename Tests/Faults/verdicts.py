"""Compares what was promised with what there is, at once and when all is well again."""
from typing import NamedTuple

from documents import Damaged
from faults import GRACE
from looks import bodies, essence, news
from operations import BODY
from promises import problems
from worlds import DEADLINE


class Finding(NamedTuple):
    kind: str
    text: str

    def __str__(self):
        return f"{self.kind}: {self.text}"


def judge(case):
    """Every finding; none for a case in which all is as it was promised."""
    found = [*in_time(case), *kept(case), *left_alone(case), *goes_on(case)]
    promise = {"say": said, "drop": dropped, "sync": synced, "outbox": listed, "shown": shown,
               "init": begun, "doctor": mended}[case.operation.promise]
    found += promise(case)
    if case.operation.promise != "init":
        found += seen(case)
    return found


def in_time(case):
    answer = case.answer
    if answer.is_trap:
        yield Finding("trap", f"the program ended itself: {answer}")
    if answer.code is None or answer.seconds > DEADLINE + GRACE:
        yield Finding("hang", f"{answer.seconds:.1f} s, of {DEADLINE}")


def left_alone(case):
    """What is the person's in a repository of code is as it was."""
    # A git that the system kills leaves its lock, whoever has started it.
    touched = [change for change in case.touched
               if not (case.fault.kills and "code/.git/config.lock is new" in change)]
    if touched:
        yield Finding("touched", "\n".join([*touched, f"{case.answer}"]))


def goes_on(case):
    """There is a way on by command: the same `init` again, and a sync."""
    if case.again and case.again.code != 0:
        yield Finding("stuck", f"'init' again: {case.again}; at first: {case.answer}")
    elif case.sync.code != 0:
        yield Finding("stuck", f"'sync', after 'doctor --fix': {case.sync}; at first: {case.answer}")


def kept(case):
    """Everything that there was is there, once, as it was; what alice had acknowledged is too."""
    before, after = case.before, case.after
    there = after.entries
    ours = {one: each for one, each in before.own.items() if one not in before.entries}
    for identity, (topic, entry) in before.entries.items():
        if identity not in there:
            yield Finding("lost", f"{identity} of {topic}: {entry.body!r}")
        elif there[identity][1].text != entry.text or there[identity][0] != topic:
            yield Finding("mangled", f"{identity} of {topic} is now {there[identity][1].text!r}")
    may_go = dropped_identity(case)
    for identity, (topic, entry) in ours.items():
        if identity not in there and identity != may_go:
            where = "still in alice's file" if identity in after.own else "nowhere"
            yield Finding("lost", f"{identity} of {topic}, acknowledged before: {where}; "
                                  f"sync: {case.sync}")
    for topic, document in before.shown.items():
        now = after.shown.get(topic)
        if now is not None and not isinstance(now, Damaged):
            count = len(document.identities)
            if (now.identities[:count] != document.identities
                    and set(document.identities) <= set(now.identities)):
                yield Finding("mangled", f"the order of {topic}: {now.identities}")
    for topic, document in after.shown.items():
        if isinstance(document, Damaged):
            yield Finding("mangled", f"{topic}: {document}")
    identities = [one for document in after.shown.values() if not isinstance(document, Damaged)
                  for one in document.identities]
    bodies = [entry.body for _, entry in there.values()]
    if len(set(identities)) < len(identities):
        yield Finding("doubled", "an Entry-ID is in two threads")
    for body in set(bodies):
        if bodies.count(body) > 1:
            yield Finding("doubled", f"{bodies.count(body)} times: {body!r}")
    if case.left:
        yield Finding("untrue", f"'sync' says that all is well, and no commit has {case.left}; "
                                f"{case.answer}")
    if case.world.remote and (lost := case.world.lines_of_history()):
        yield Finding("mangled", f"shown once, and not in the line of history: {lost}")


def dropped_identity(case):
    if case.operation.promise != "drop":
        return None
    return next(iter(case.before.with_body(case.operation.target, case.before.files)), None)


def untrue(words, case):
    return Finding("untrue", f"{words}; {case.answer}")


def is_said(case):
    """Whether the answer itself tells that something could not be done."""
    answer = case.answer
    return answer.code != 0 or bool(problems(answer.json))


def is_empty(case):
    """Whether all is said to be well, and nothing else is said to who listens."""
    return case.answer.code == 0 and not case.answer.json and not case.fault.is_unread


def is_open(case):
    """Whether nobody was told what became of it."""
    is_mute = case.fault.is_mute and not case.answer.errors.strip() and case.answer.code != 0
    # A server whose output cannot be written has no other to say so.
    is_mute = is_mute or case.operation.is_served and case.fault.name.startswith("write-") \
        and case.answer.errors == "the server ended"
    is_mute = is_mute or case.fault.is_unread
    return case.answer.is_killed or case.answer.told == "unsure" or is_mute


def said(case):
    answer, then, after = case.answer, case.then, case.after
    receipt = (answer.json or {}).get("receipt") or {}
    state, identity = receipt.get("state"), receipt.get("entry_id")
    texts = {one: (topic, entry.body) for one, (topic, entry) in after.entries.items()}
    if state and answer.is_killed is False:
        if state == "local" and case.world.remote:
            yield untrue("'local' in a clone", case)
        if state == "pushed" and identity not in then.entries:
            yield untrue("'pushed', and the remote does not have it", case)
        if identity not in texts:
            where = "in alice's file" if identity in after.own else "nowhere"
            yield Finding("lost", f"acknowledged as {state}: {where}; {answer}; sync: {case.sync}")
        elif texts[identity] != (receipt["topic"], BODY):
            yield Finding("mangled", f"{identity} is {texts[identity]}")
        return
    there = [name for name, found in [
        ("the remote at once", then.with_body(BODY)), ("the remote later", after.with_body(BODY)),
        ("alice's file", then.with_body(BODY, then.files)),
        ("alice's file later", after.with_body(BODY, after.files))] if found]
    if is_open(case):
        return
    if answer.code == 0:
        yield untrue("exit 0 without a receipt", case)
    elif answer.told == "written":
        if not there:
            yield Finding("lost", f"said to be written, and nowhere: {answer}")
    elif there:
        words = "said not to be written" if answer.told else "an error without a word about it"
        yield untrue(f"{words}, and it is in {', '.join(there)}", case)
    if answer.code == 3 and "the ball is with" in answer.errors:
        yield untrue("the condition was met", case)


def dropped(case):
    answer, after = case.answer, case.after
    identity = dropped_identity(case)
    is_sent = identity in after.entries
    if is_open(case):
        return
    is_taken_back = answer.code == 0 or answer.told == "written"
    if is_empty(case):
        yield untrue("exit 0 without an answer", case)
    is_left = identity in case.then.own and "until that file can be written" not in answer.out + answer.errors
    if is_taken_back and (is_sent or is_left):
        yield untrue("taken back, and it is " + ("sent" if is_sent else "in the file"), case)
    if "nothing that waits" in answer.errors and is_sent:
        yield untrue("said not to wait, and sent afterwards", case)
    if not is_taken_back and not is_sent:
        yield untrue("not taken back, and it was not sent", case)


def synced(case):
    answer, then = case.answer, case.then
    if answer.code != 0:
        return
    if is_empty(case):
        yield untrue("exit 0 without an answer", case)
        return
    if is_said(case) or not answer.json:
        return
    waits = [one for one in case.before.own if one not in case.before.entries]
    unsent = [one for one in waits if one not in then.entries]
    if unsent:
        yield untrue(f"all is well, and not sent: {unsent}", case)
    behind = [one for one in then.entries if one not in then.own]
    if behind:
        yield untrue(f"all is well, and not taken in: {behind}", case)


def listed(case):
    waits = {one for one in case.before.own if one not in case.before.entries}
    answer = case.answer
    if is_empty(case):
        yield untrue("exit 0 without an answer", case)
    elif answer.json and not is_said(case) and not waits <= answer.identities:
        yield untrue("not everything that waits is listed", case)


def shown(case):
    answer, operation = case.answer, case.operation
    if answer.code != 0:
        is_mute = case.fault.is_mute or case.fault.name.startswith("write-")
        if not (answer.errors.strip() or answer.is_killed or is_mute):
            yield untrue("an error without a word", case)
        return
    if operation.is_text:
        absent = bodies(case, case.usual) - bodies(case, answer)
        is_told = bool(answer.errors.strip()) or case.fault.is_unread
        is_told = is_told or "Not read" in answer.out or "\tunreadable\t" in answer.out
        words = "not shown, and not a word"
    elif not answer.json:
        if is_empty(case):
            yield untrue("exit 0 without an answer", case)
        return
    else:
        absent = essence(operation.shows, case.usual) - essence(operation.shows, answer)
        is_told = is_said(case)
        words = "not shown, and not a word in 'problem'"
    if operation.is_offline and not is_told:
        yield untrue("the remote was away, and not a word in 'problem'", case)
    if absent and not is_told:
        yield untrue(f"{words}: {sorted(absent, key=str)}", case)


def begun(case):
    answer = case.answer
    if case.world.mode == "branch" and case.again.code == 0:
        found = case.world.attributes()
        if any(not each.startswith(b"*.md merge=watercooler") for each in found):
            yield Finding("mangled", f"the branch's attributes are {found}; {answer}")
    if is_empty(case):
        yield untrue("exit 0 without an answer", case)
    if case.world.remote and answer.code == 0 and not is_said(case):
        absent = [one for one in case.before.entries if one not in case.then.own]
        if absent:
            yield untrue(f"all is well, and the clone lacks {absent}", case)


def mended(case):
    if is_empty(case):
        yield untrue("exit 0 without an answer", case)


def seen(case):
    """What was news to alice is shown by this answer or is news in the next one."""
    is_reader = case.operation.shows in ("read", "updates", "wait")
    shown_before = set()
    if is_reader:
        shown_before = case.answer.identities | {
            identity for identity, (_, entry) in case.before.entries.items()
            if entry.body in case.answer.out}
    if case.updates.code != 0:
        yield Finding("untrue", f"no updates when all is well again: {case.updates}")
        return
    unseen = news(case.before) - shown_before - case.updates.identities
    if unseen:
        yield untrue(f"counts as seen, and was not shown: {sorted(unseen)}", case)
