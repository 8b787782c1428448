"""The comparison of what is shown with a golden file, in which placeholders stand for what varies.

More is allowed: an object may have other fields too, and a list that ends with `<more>` other items
between its own. All else is as the golden has it: each field with its type and its value, the number of
columns and of lines, the exit codes.

| placeholder | stands for |
|---|---|
| `<id:1>`, `<commit:1>` | an Entry-ID or a commit, whole or short; the same one wherever the number is the same |
| `<time>` | a time as the programs write it |
| `<number>`, `<words>` | any number; any text that is not empty |

Others, such as `<dir>`, `outside.py` has put on both sides.
"""
import re

MORE = "<more>"
PATTERNS = {
    "id": r"[0-7][0-9A-HJKMNP-TV-Z]{25}", "commit": r"[0-9a-f]{40}|[0-9a-f]{7}",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}
PLACEHOLDER = re.compile(rf"<({'|'.join(PATTERNS)})(?::(\d+))?>")
# Whatever they say, they are for people.
SENTENCES = {"problem", "hint", "meaning", "mend", "fixed", "failed", "summary", "description",
             "findings.text", "git", "notes", "varying"}
# There are as many contacts as there was time for, and who lately met others asks before it pushes.
NUMBERS = {"attempts", "operations.count", "elapsed_ms", "start_ms", "p50_ms", "p95_ms", "max_ms"}
# Later versions may have more of these.
OPEN_LISTS = {"notes", "findings", "settings", "enum", "tools", "config", "prometheus"}
SHORT = re.compile(r"[0-9a-f]{7}")
VARYING = re.compile(rf"\b(?:{PATTERNS['id']}|[0-9a-f]{{40}}|{PATTERNS['time']})\b")


class Placing:
    """Puts placeholders where something varies from run to run; equal things get equal numbers."""

    def __init__(self):
        self._known = {}

    def steps(self, steps):
        return [self._value(step, ()) for step in steps]

    def _value(self, value, path):
        """With the names of the fields that lead to it."""
        name = path[-1] if path else ""
        names = {name, ".".join(path[-2:])}
        if isinstance(value, dict):
            inner = {key: self._value(item, (*path, key)) for key, item in value.items()}
            is_measured = names & NUMBERS and all(is_number(item) for item in value.values())
            return dict.fromkeys(inner, "<number>") if is_measured else inner
        if isinstance(value, list):
            items = [self._value(item, path) for item in value]
            return items + [MORE] if name in OPEN_LISTS else items
        if isinstance(value, str):
            if name == "rows" and SHORT.fullmatch(value):
                return self._numbered("commit", value)
            return "<words>" if names & SENTENCES and value else VARYING.sub(self._placeholder, value)
        return "<number>" if is_number(value) and names & NUMBERS else value

    def _placeholder(self, match):
        word = match[0]
        if len(word) == 40:
            return self._numbered("commit", word[:7])
        return self._numbered("id", word) if len(word) == 26 else "<time>"

    def _numbered(self, kind, word):
        count = sum(1 for known, _ in self._known if known == kind)
        return f"<{kind}:{self._known.setdefault((kind, word), count + 1)}>"


class Comparison:
    """Tells in how far what is found is not what a golden has."""

    def __init__(self):
        self._meaning = {}

    def differences(self, golden, found, where=""):
        """One line for each; none if all that the golden has is there."""
        if golden in ("<number>", "<words>"):
            return self._of_kind(golden, found, where)
        if type(golden) is not type(found):
            return [f"{where}: {shown(found)} instead of {shown(golden)}"]
        if isinstance(golden, dict):
            return self._in_object(golden, found, where)
        if isinstance(golden, list):
            return self._in_list(golden, found, where)
        matches = self._matches(golden, found) if isinstance(golden, str) else golden == found
        return [] if matches else [f"{where}: {shown(found)} instead of {shown(golden)}"]

    @staticmethod
    def _of_kind(golden, found, where):
        is_right = is_number(found) if golden == "<number>" else isinstance(found, str) and found != ""
        return [] if is_right else [f"{where}: {shown(found)} instead of {golden}"]

    def _in_object(self, golden, found, where):
        lines = []
        for name, value in golden.items():
            place = f"{where}.{name}"
            if name in found:
                lines += self.differences(value, found[name], place)
            else:
                lines.append(f"{place} is gone")
        return lines

    def _in_list(self, golden, found, where):
        if golden[-1:] == [MORE]:
            return self._among_more(golden[:-1], found, where)
        if len(golden) != len(found):
            return [f"{where}: {len(found)} instead of {len(golden)}: {shown(found)}"]
        return [line for index, pair in enumerate(zip(golden, found))
                for line in self.differences(*pair, f"{where}[{index}]")]

    def _among_more(self, golden, found, where):
        """Each item of the golden, in its order, with others between them."""
        rest = iter(found)
        for index, item in enumerate(golden):
            if not any(self._is_same(item, other) for other in rest):
                # Most likely it is the one that stands there now.
                return [f"{where}[{index}] is gone, or not as it was: {shown(item)}"] + [
                    line for other in found[index:index + 1]
                    for line in self.differences(item, other, f"{where}[{index}]")]
        return []

    def _is_same(self, golden, found):
        meaning = dict(self._meaning)
        if not self.differences(golden, found):
            return True
        self._meaning = meaning
        return False

    def _matches(self, golden, found):
        """Whether a text is as the golden has it, each placeholder standing for one thing throughout."""
        names = [(match[0], match[1], match[2]) for match in PLACEHOLDER.finditer(golden)]
        pieces = PLACEHOLDER.split(golden)[::3]
        pattern = re.escape(pieces[0])
        for (_, kind, _), piece in zip(names, pieces[1:]):
            pattern += f"({PATTERNS[kind]}){re.escape(piece)}"
        match = re.fullmatch(pattern, found)
        return match is not None and all(
            number is None or self._means(placeholder, word[:7] if kind == "commit" else word)
            for (placeholder, kind, number), word in zip(names, match.groups()))

    def _means(self, placeholder, word):
        # In both directions: two IDs that became one are no longer what they were.
        kind = placeholder.split(":")[0]
        return (self._meaning.setdefault(placeholder, word) == word
                and self._meaning.setdefault((kind, word), placeholder) == placeholder)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value):
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"
