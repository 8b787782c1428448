"""What people do with git alone, and how they edit a thread's file."""
import checks
from bare import git
from documents import Document


class Person:
    """Somebody with a plain clone of the remote, and without our programs."""

    def __init__(self, world, name="person"):
        self.directory = world.directory / name
        git("clone", "--quiet", world.remote.url, str(self.directory))

    def git(self, *arguments):
        return git(*arguments, directory=self.directory).decode().strip()

    def commit(self, edit, topic="plan"):
        """Commits what `edit` makes of a thread's file."""
        file = self.directory / f"{topic}.md"
        file.write_text(edit(file.read_text()))
        self.git("commit", "--quiet", "--all", "--message", "By hand")


def without(identity):
    """Takes an entry out of a thread's text."""
    def edit(text):
        return text.replace(f"\n---\n{entry(text, identity).text}\n", "", 1)
    return edit


def with_body(identity, body):
    """Gives an entry of a thread's text another body."""
    def edit(text):
        old = entry(text, identity).text
        head = old.partition("\n\n")[0]
        return text.replace(old, f"{head}\n\n{body}\n<!-- Entry-ID: {identity} -->", 1)
    return edit


def with_ball(agent):
    """Gives the ball of a thread's text to somebody."""
    def edit(text):
        ball = Document(text.encode()).head["ball"]
        return text.replace(f"\nball: {ball}\n", f"\nball: {agent}\n", 1)
    return edit


def entry(text, identity):
    return next(one for one in Document(text.encode()).entries if one.identity == identity)


def check_with_hands(world):
    """All that a test checks at its end, but that the remote never takes back what it has shown: a person did."""
    world.is_checked = False
    checks.settle(world)
    checks.fsck(world.remote.bare.directory)
    checks.check_entries(world.ledger, world.documents())
    for clone in world.clones:
        checks.check_clone(clone)
