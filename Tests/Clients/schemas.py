"""The official JSON Schema of a revision of MCP."""
import json
from functools import cache

from jsonschema import Draft7Validator, Draft202012Validator

# A connection agrees on one of these in `initialize`; the last is the newest.
HANDSHAKE = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
# Here every request says itself which revision it is of.
STATELESS = "2026-07-28"
REVISIONS = [*HANDSHAKE, STATELESS]


def closed(schema):
    """The schema, with no room for members that it does not name, unless it says that there is."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    # What is in several schemas at once can be closed by none of them, and a schema may say all that JSON Schema has.
    result = {key: value if key in ("allOf", "inputSchema", "outputSchema") else closed(value)
              for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


class Schema:
    """Checks values against the definitions of one revision."""

    def __init__(self, directory, revision):
        document = json.loads((directory / "mcp-schema" / f"{revision}.json").read_text())
        self.revision = revision
        self.key = "definitions" if "definitions" in document else "$defs"
        # Only what `_meta` holds is everybody's to extend.
        self.definitions = {
            name: definition if name.endswith("MetaObject") else closed(definition)
            for name, definition in document[self.key].items()}
        self.dialect = Draft7Validator if self.key == "definitions" else Draft202012Validator
        self.validator = cache(self._validator)

    def _validator(self, name):
        assert name in self.definitions, f"{self.revision} defines no {name}"
        root = {"$ref": f"#/{self.key}/{name}", self.key: self.definitions}
        return self.dialect(root)

    def check(self, name, value):
        """Fails unless the value is what the definition says and nothing more: a member that only a
        later revision has is none."""
        errors = [f"{error.json_path}: {error.message}"[:400]
                  for error in self.validator(name).iter_errors(value)]
        assert not errors, f"no {name} of {self.revision}: {errors}"


@cache
def schema_of(directory, revision):
    return Schema(directory, revision)


def check_output(schema, value):
    """Fails unless the value is what a tool's own output schema says."""
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(value)
