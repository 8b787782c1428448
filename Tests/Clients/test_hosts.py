"""`wc mcp config` and `wc mcp install`: the files of MCP clients, edited and left alone."""
import json
import os
import re
import tomllib

import pytest

import programs

# Where each client has its file on Linux, in the home and in a project.
FILES = {
    "claude-desktop": (".config/Claude/claude_desktop_config.json", None),
    "claude-code": (".claude.json", ".mcp.json"),
    "codex": (".codex/config.toml", ".codex/config.toml"),
    "cursor": (".cursor/mcp.json", ".cursor/mcp.json"),
    "vscode": (".config/Code/User/mcp.json", ".vscode/mcp.json"),
    "gemini": (".gemini/settings.json", ".gemini/settings.json"),
}
KEYS = {"codex": "mcp_servers", "vscode": "servers"}
COMMENTS = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')


def strip(text):
    """JSON without comments and commas at the end."""
    for pattern in (COMMENTS, TRAILING):
        text = pattern.sub(lambda match: match.group(1) or "", text)
    return text


def parse(client, text):
    return tomllib.loads(text) if client == "codex" else json.loads(strip(text) or "{}")


def key(client):
    return KEYS.get(client, "mcpServers")


def servers(client, text):
    return parse(client, text).get(key(client), {})


class Home:
    """A home with the file of one client."""

    def __init__(self, place, client, project=False):
        self.place, self.client = place, client
        self.arguments = [client, "--project"] if project else [client]
        self.directory = place.home / "work" if project else place.home
        self.directory.mkdir(exist_ok=True)
        self.file = self.directory / FILES[client][project]

    def write(self, text):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(text.encode())

    def text(self):
        return self.file.read_bytes().decode()

    def run(self, verb, *arguments):
        return self.place.run(
            "mcp", verb, *self.arguments, *arguments, at=self.directory, text=True)

    def json(self, verb, *arguments):
        return json.loads(self.run(verb, "--json", *arguments).stdout)

    def install(self, *arguments):
        done = self.run("install", *arguments)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def refused(self, *arguments):
        """What is said of a file that stays as it is."""
        before = self.everything()
        done = self.run("install", *arguments)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert self.everything() == before
        return done.stderr

    def everything(self):
        """All files in the home, and when each was changed."""
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes())
                for path in self.place.home.rglob("*") if path.is_file()}


@pytest.fixture(params=[(client, project) for client in FILES for project in (False, True)
                        if FILES[client][project]],
                ids=lambda param: param[0] + (" --project" if param[1] else ""))
def home(request, place):
    return Home(place, *request.param)


def expected(place, client):
    entry = {"command": str(programs.SERVER), "args": [], "env": {
        "WATERCOOLER_USER": "alice", "WATERCOOLER_DIR": str(place.threads)}}
    return {"type": "stdio"} | entry if client in ("claude-code", "vscode") else entry


def test_install_makes_the_file_that_config_prints(home):
    assert home.install() == f"added to {home.file}\n"
    assert servers(home.client, home.text()) == {"watercooler": expected(home.place, home.client)}
    assert home.run("config").stdout == home.text()
    assert [path.name for path in home.file.parent.iterdir()] == [home.file.name]


def test_once_is_enough(home):
    home.install()
    before = home.everything()
    assert home.install() == f"already installed in {home.file}\n"
    assert home.everything() == before


def test_a_dry_run_says_what_would_be_and_writes_nothing(home):
    said = home.install("--dry-run")
    assert said == f"would be added to {home.file}:\n\n" + home.run("config").stdout
    assert home.everything() == {}


def test_the_rest_of_a_file_stays_and_the_old_one_is_kept(home):
    other = {"command": "x", "env": {"A": "é\n"}}
    if home.client == "codex":
        before = 'model = "m" # mine\n[mcp_servers.other] # }\ncommand = "x"\nenv = {A = "é\\n"}\n'
    else:
        before = json.dumps({"theme": "dark", key(home.client): {"other": other}, "z": [1]}, indent=4)
    home.write(before)
    os.chmod(home.file, 0o600)
    backup = home.file.with_name(home.file.name + ".before-watercooler")
    assert home.install() == f"added to {home.file}\nthe file as it was: {backup}\n"
    after = home.text()
    assert backup.read_text() == before
    assert home.file.stat().st_mode & 0o777 == backup.stat().st_mode & 0o777 == 0o600
    wanted = parse(home.client, before)
    wanted[key(home.client)]["watercooler"] = expected(home.place, home.client)
    assert parse(home.client, after) == wanted
    # In the order in which they were.
    assert list(parse(home.client, after)) == list(parse(home.client, before))
    assert [line for line in before.splitlines() if line.rstrip(",") not in
            [one.rstrip(",") for one in after.splitlines()]] == []


def test_what_the_user_has_added_to_our_entry_survives(home):
    mine = {"command": "/old/watercooler-mcp", "args": ["--trace", "/tmp/x"], "timeout": 5,
            "env": {"MINE": "1", "WATERCOOLER_USER": "bob"}, "autoApprove": ["a"]}
    if home.client == "codex":
        home.write('[mcp_servers.watercooler]\ntimeout = 5\ncommand = "/old/watercooler-mcp" # old\n'
                   'autoApprove = ["a"]\nargs = ["--trace",\n  "/tmp/x"]\n'
                   '[mcp_servers.watercooler.env]\nMINE = "1"\nWATERCOOLER_USER = "bob"\n')
    else:
        home.write(json.dumps({key(home.client): {"watercooler": mine}}))
    assert servers(home.client, home.text())["watercooler"] == mine
    assert home.install("--as", "Somebody").startswith(f"changed in {home.file}\n")
    entry = expected(home.place, home.client)
    entry.pop("type", None)
    entry["env"] |= {"MINE": "1", "WATERCOOLER_AGENT": "Somebody"}
    assert servers(home.client, home.text())["watercooler"] == mine | entry
    # The name that was given stays when none is.
    assert home.install() == f"already installed in {home.file}\n"


def test_json_says_what_was_done(home):
    done = json.loads(home.install("--json"))
    assert done == {
        "version": 1, "client": home.client, "path": str(home.file),
        "scope": "project" if "--project" in home.arguments else "user", "change": "added",
        "written": True, "backup": None, "entry": expected(home.place, home.client)}
    done = json.loads(home.install("--json", "--as", "X", "--dry-run"))
    assert (done["change"], done["written"]) == ("changed", False)
    assert done["entry"]["env"]["WATERCOOLER_AGENT"] == "X"
    assert json.loads(home.install("--json"))["change"] == "none"
    config = home.json("config")
    assert config["text"] == home.text() and config["entry"] == expected(home.place, home.client)


def test_damage_is_said_with_its_place_and_left(home):
    home.write('[a]\nb = "c\n' if home.client == "codex" else '{\n "a": [1 2]\n}\n')
    said = home.refused()
    assert said.startswith(f"error: {home.file}, line 2, column ") and "as it was" in said
    assert f"hint: 'wc mcp config {home.client}' prints what belongs there" in said


def test_an_entry_for_a_url_is_left(home):
    if home.client == "codex":
        home.write('[mcp_servers.watercooler]\nurl = "https://example.org"\n')
    else:
        home.write(json.dumps({key(home.client): {"watercooler": {"url": "https://example.org"}}}))
    assert "does not start a program" in home.refused()


def test_comments_and_commas_in_json_stay(place):
    home = Home(place, "vscode")
    before = ('\ufeff// mine\r\n{\r\n\t"inputs": [], // {\r\n\t"servers": {\r\n'
              '\t\t/* "watercooler": {} */\r\n\t\t"other": {"command": "x",}, // last\r\n\t},\r\n}')
    home.write(before)
    home.install()
    after = home.text()
    start = before.index("\r\n\t},\r\n}")
    assert after.startswith(before[:start]) and after.endswith(before[start:])
    assert after.count("\n") == after.count("\r\n")
    wanted = parse("vscode", before[1:])
    wanted["servers"]["watercooler"] = expected(place, "vscode")
    assert parse("vscode", after[1:]) == wanted


# What Codex itself writes and what people do with it.
TOML = [
    "", "\n\n", "# nothing", "\ufeff# a mark\n", 'model = "x"', '[mcp_servers]\n',
    '[mcp_servers]\nother = { command = "x" }\n[z]\na = 1\n',
    'mcp_servers.other.command = "x"\n[z]\n',
    '[[mcp_rules]]\nmcp_servers = "x"\n[[mcp_rules]]\n',
    '[projects."/home/a b"]\ntrust_level = "trusted"\n[projects."/x".mcp_servers.watercooler]\na=1\n',
    'text = """\n[mcp_servers.watercooler]\ncommand = "no"\n"""\nother = \'\'\'\n[mcp_servers.x\'\'\'',
    'list = [\n  "[mcp_servers.watercooler]", # ]\n  1979-05-27T07:32:00Z, 1979-05-27 07:32:00,\n]\r\n',
    '[mcp_servers.watercooler]\ncommand = "old"\n',
    '[mcp_servers.watercooler]', '[ mcp_servers . "watercooler" ] # quoted\n\tcommand = \'old\'\n',
    '[mcp_servers."watercooler".env]\nMINE = "1"\n\n[other]\n',
    '[mcp_servers.watercooler]\nenv = { MINE = "1" } # one line\nenabled = true\n[z]\na.b = 1\n',
    '[mcp_servers.watercooler]\nenv.MINE = "1"\n[mcp_servers.watercooler.tools.say]\na = 1\n',
    '[mcp_servers.watercooler]\ncommand = """old"""\nargs = [ # none\n]\n# below\n\n# above\n[z]\n',
    '[mcp_servers.watercooler]\r\ncommand = "old"\r\n\r\n[mcp_servers.z]\r\ncommand = "z"\r\n',
    '[mcp_servers.watercooler]\nargs = []\n[[mcp_servers.watercooler.env_vars]]\nname = "A"\n[mcp_servers.z]\nb = 0xF\n',
]


def merged(value, entry):
    return {name: merged(value.get(name, {}), one) if isinstance(one, dict) else one
            for name, one in entry.items()} | {
        name: one for name, one in value.items() if name not in entry}


@pytest.mark.parametrize("before", TOML)
def test_codex_reads_what_is_written(before, place):
    home = Home(place, "codex")
    home.write(before)
    home.install()
    after = home.text()
    old = tomllib.loads(before.removeprefix("\ufeff"))
    wanted = merged(old, {"mcp_servers": {"watercooler": expected(place, "codex")}})
    if "args" not in old.get("mcp_servers", {}).get("watercooler", {"args": []}):
        # No arguments are as good as none.
        wanted["mcp_servers"]["watercooler"].pop("args")
    assert tomllib.loads(after.removeprefix("\ufeff")) == wanted
    kept = [line for line in before.splitlines() if not re.match(r"\s*command = .*old", line)]
    lines = after.splitlines()
    for line in kept:
        assert any(one.startswith(line.split(' } # one line')[0]) for one in lines), line
    assert home.install() == f"already installed in {home.file}\n"


# Pieces of a file, to be put together in any order: before all tables, tables, and our own.
STATEMENTS = [
    'model = "x" # [a]', "# [mcp_servers.watercooler]", "list = [ # ]\n  1, [2],\n\n]", "",
    'text = """\n[mcp_servers.watercooler]\n\\"""\n"""', "x.y = { a = 1, 'b.c' = \"}\" }", "\t",
    "long = '''\n'''", 'mcp_servers.first.command = "f"', "day = 1979-05-27 07:32:00", '"a b" = true',
]
TABLES = [
    '[mcp_servers]', '[mcp_servers.other]\ncommand = "x"', '[ "mcp_servers" . z ]\na = 1 # b',
    '[[rules]]\nmcp_servers = 1', '[[rules]]\n', '[projects."/a [b]"]\ntrust = "yes"\n\n# end',
    '[other.mcp_servers.watercooler]\ncommand = "not this"', "[mcp_servers.watercooler2]\nenv.A = '1'",
]
OURS = [
    [], ["[mcp_servers.watercooler]"], ["[mcp_servers.watercooler]\ncommand = 'old' # c\n# below"],
    ["[mcp_servers.'watercooler']\nenabled = true\nargs = [\n  'old', # c\n]\nenv = {}"],
    ["[mcp_servers.watercooler.env]\nMINE = '1'"], ["[mcp_servers.watercooler]\nenv.MINE = '1'"],
    ["[mcp_servers.watercooler]\n  command = 'old'", "[mcp_servers.watercooler.env]\n\n# none yet"],
    ["[mcp_servers.watercooler.tools.say]\na = 1", "[mcp_servers.watercooler]\nenv = { MINE = '1' }"],
]


def in_order(lines, among):
    rest = iter(among)
    return all(line in rest for line in lines)


def test_codex_reads_what_is_written_into_files_put_together_by_chance(place):
    random = programs.seeded()
    home = Home(place, "codex")
    done = 0
    while done < 60:
        ours = random.choice(OURS)
        tables = random.sample(TABLES, random.randrange(5)) + ours
        random.shuffle(tables)
        pieces = random.sample(STATEMENTS, random.randrange(6)) + tables
        before = random.choice(["\n", "\n\n", "\n# between\n"]).join(pieces)
        before += random.choice(["", "\n"])
        try:
            old = tomllib.loads(before)
        except tomllib.TOMLDecodeError:
            continue
        done += 1
        text = before.replace("\n", random.choice(["\n", "\r\n"]))
        home.write(text)
        print(repr(text))
        home.install()
        wanted = merged(old, {"mcp_servers": {"watercooler": expected(place, "codex")}})
        if ours and "args" not in old["mcp_servers"]["watercooler"]:
            wanted["mcp_servers"]["watercooler"].pop("args")
        assert tomllib.loads(home.text()) == wanted
        kept = [line for line in before.split("\n") if not re.search("old|args|env =|^]$", line)]
        assert in_order(kept, home.text().replace("\r\n", "\n").split("\n"))
        assert home.install() == f"already installed in {home.file}\n"


@pytest.mark.parametrize("text", [
    'mcp_servers = { other = { command = "x" } }\n', 'mcp_servers.watercooler.command = "x"\n',
    '[mcp_servers]\nwatercooler = { command = "x" }\n', '[mcp_servers]\nwatercooler.command = "x"\n',
    "[mcp_servers.watercooler]\n[mcp_servers.watercooler]\n", "[[mcp_servers.watercooler]]\n",
])
def test_what_codex_has_in_another_form_is_left(text, place):
    home = Home(place, "codex")
    home.write(text)
    said = home.refused()
    assert f"error: {home.file}, line " in said
    assert "hint: 'wc mcp config codex' prints what belongs there" in said


def test_a_link_stays_one(place):
    home = Home(place, "codex")
    home.write("# mine\n")
    dots = place.home / "dots.toml"
    home.file.rename(dots)
    home.file.symlink_to("../dots.toml")
    home.install()
    assert home.file.is_symlink() and "watercooler" in dots.read_text()


def test_nothing_secret_is_written(place):
    home = Home(place, "cursor")
    place.environment["WATERCOOLER_GIT_REPO"] = "https://alice:pa55@example.org/t.git"
    said = home.refused()
    assert "WATERCOOLER_GIT_REPO holds a secret" in said and "pa55" not in said
    place.environment["WATERCOOLER_GIT_TOKEN_FILE"] = "~/token"
    home.install("--repo", "https://example.org/t.git")
    env = servers("cursor", home.text())["watercooler"]["env"]
    assert env["WATERCOOLER_GIT_REPO"] == "https://example.org/t.git"
    assert env["WATERCOOLER_GIT_TOKEN_FILE"] == f"{place.home}/token"


def test_what_cannot_be_started_is_not_installed(place):
    home = Home(place, "gemini")
    assert "no program at" in home.refused("--command", "nowhere")
    other = place.home / "mine"
    other.write_text("#!/bin/sh\n")
    assert "not a program that can be run" in home.refused("--command", "mine")
    other.chmod(0o755)
    home.install("--command", "~/mine")
    assert servers("gemini", home.text())["watercooler"]["command"] == str(other)


@pytest.mark.parametrize("arguments, said", [
    (["mcp"], "wants config|install|test"), (["mcp", "config"], "wants CLIENT"),
    (["mcp", "list", "codex"], "does not take 'list'"),
    (["mcp", "install", "emacs"], "expected claude-desktop, claude-code, codex"),
    (["mcp", "install", "claude-desktop", "--project"], "has no option '--project'"),
    (["mcp", "test", "codex", "--dry-run"], "'mcp test' has no option '--dry-run'"),
    (["mcp", "config", "codex", "--dry-run"], "'mcp config' has no option '--dry-run'"),
])
def test_a_slip_is_explained(arguments, said, place):
    done = place.run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
