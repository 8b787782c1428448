"""The bundle that `scripts/mcpb` makes, checked and started as a client does that knows its format."""
import json
import re
import sys
import zipfile

import pytest
from jsonschema import Draft7Validator

import programs
from bare import Bare
from lines import Lines

SCRIPT = programs.ROOT / "scripts" / "mcpb"


def an_object(needed, /, **properties):
    """What the format says of an object: nothing else may be in it."""
    return {"type": "object", "required": needed.split(), "properties": properties,
            "additionalProperties": False}


TEXT = {"type": "string", "minLength": 1}
FLAG = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}
# Of manifest version 0.3, what concerns a program without a runtime.
FORMAT = an_object(
    "manifest_version name version description author server",
    manifest_version={"const": "0.3"}, name={"type": "string", "pattern": "^[a-z0-9-]+$"},
    display_name=TEXT, version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
    description=TEXT, author=an_object("name", name=TEXT), license=TEXT, keywords=TEXTS,
    server=an_object(
        "type entry_point mcp_config", type={"const": "binary"}, entry_point=TEXT,
        mcp_config=an_object("command", command=TEXT, args=TEXTS, env={
            "type": "object", "additionalProperties": {"type": "string"}})),
    tools={"type": "array", "minItems": 1, "items": an_object("name", name=TEXT, description=TEXT)},
    tools_generated=FLAG, prompts_generated=FLAG,
    compatibility=an_object("", platforms={
        "type": "array", "items": {"enum": ["darwin", "win32", "linux"]}}),
    user_config={"type": "object", "additionalProperties": an_object(
        "type title description", title=TEXT, description=TEXT, required=FLAG, sensitive=FLAG,
        type={"enum": ["string", "number", "boolean", "directory", "file"]},
        default={"type": ["string", "number", "boolean"]})})


def make(directory):
    done = programs.call(
        sys.executable, SCRIPT, "--bin", programs.BIN, "--out", directory, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done
    return directory / done.stdout.strip().rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return make(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def manifest(bundle):
    return json.loads(zipfile.ZipFile(bundle).read("manifest.json"))


def unpack(bundle, directory):
    """Writes the files with their modes, which Python's own unpacking leaves out."""
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            path = directory / info.filename
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(info))
            path.chmod(info.external_attr >> 16 & 0o777)


def configured(manifest, directory, answers):
    """The command and its environment, filled in: answers, else defaults, else the words themselves."""
    known = {name: question["default"] for name, question in manifest["user_config"].items()
             if "default" in question}
    values = {f"user_config.{name}": value for name, value in (known | answers).items()}
    values["__dirname"] = str(directory)

    def fill(text):
        return re.sub(r"\$\{([^}]+)\}", lambda match: values.get(match.group(1), match.group()), text)
    config = manifest["server"]["mcp_config"]
    command = [fill(part) for part in [config["command"], *config["args"]]]
    return command, {name: fill(value) for name, value in config["env"].items()}


def start(place, bundle, manifest, **answers):
    directory = place.home / "bundle"
    unpack(bundle, directory)
    command, environment = configured(manifest, directory, answers)
    assert "${" not in " ".join([*command, *environment.values()])
    assert command[0] == str(directory / manifest["server"]["entry_point"])
    place.environment = environment | {
        name: place.environment[name] for name in ("HOME", "PATH")} | {"LOGNAME": "alice"}
    return Lines(place, *command)


def test_the_manifest_is_of_its_format(manifest):
    errors = [f"{error.json_path}: {error.message}"
              for error in Draft7Validator(FORMAT).iter_errors(manifest)]
    assert errors == []
    assert manifest["compatibility"]["platforms"] == [sys.platform]


def test_its_name_says_version_and_platform(bundle, manifest):
    name = f"watercooler-{manifest['version']}-{sys.platform}-"
    assert bundle.name.startswith(name) and bundle.suffix == ".mcpb"
    version = programs.call(programs.SERVER, "--version", text=True).stdout
    assert version == f"watercooler-mcp {manifest['version']}\n"


def test_it_asks_only_for_settings_that_there_are(manifest, place):
    known = {setting["variable"] for setting in place.json("config")["settings"]}
    asked = manifest["server"]["mcp_config"]["env"]
    assert set(asked) <= known
    assert sorted(asked.values()) == sorted(f"${{user_config.{name}}}" for name in manifest["user_config"])


def test_its_program_starts_with_nothing_answered(bundle, manifest, place):
    with start(place, bundle, manifest) as server:
        opening = server.initialize("2025-11-25")
        assert opening["serverInfo"]["version"] == manifest["version"]
        assert ("prompts" in opening["capabilities"]) == manifest.get("prompts_generated", False)
        tools = server.result("tools/list")["tools"]
        assert manifest["tools"] == [
            {"name": tool["name"], "description": tool["description"]} for tool in tools]
        said = server.text("whoami")
        assert f"threads: {place.home}/.watercooler/threads (" in said
        assert "environment variable" not in said


def test_its_program_gets_the_answers(bundle, manifest, place):
    answers = {"directory": str(place.home / "mine"), "agent": "Claude", "user": "bob"}
    with start(place, bundle, manifest, **answers) as server:
        server.initialize("2025-11-25")
        said = server.text("whoami")
        assert "agent: Claude (bob) (environment variable WATERCOOLER_AGENT)" in said
        assert f"threads: {place.home}/mine (environment variable WATERCOOLER_DIR)" in said
        server.text("say", topic="plan", title="One", body="First")
    assert (place.home / "mine" / "plan.md").exists()


def test_its_program_shares_threads_through_a_repository(bundle, manifest, place):
    remote = Bare(place.home / "threads.git").directory
    with start(place, bundle, manifest, repository=remote.as_uri()) as server:
        server.initialize("2025-11-25")
        assert "Pushed as" in server.text("say", topic="plan", title="One", body="First")
    assert [path.name for path in (place.home / ".watercooler" / "repos").iterdir()]


def test_the_same_program_gives_the_same_bundle(bundle, tmp_path):
    assert make(tmp_path).read_bytes() == bundle.read_bytes()


def test_without_a_program_nothing_is_made(tmp_path):
    done = programs.call(
        sys.executable, SCRIPT, "--bin", tmp_path, "--out", tmp_path / "out", text=True, code=1)
    assert "there is no program" in done.stderr
    assert not (tmp_path / "out").exists()
