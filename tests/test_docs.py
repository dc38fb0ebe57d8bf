"""The pages for people who run and build Följsam say what the code says, no more and no less."""

import re
import subprocess
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml  # type: ignore[import-untyped]

from cli.main import app
from config import policy, settings, timetable
from config.settings import Settings
from models.lifecycle import Move, Outcome, State
from rules.ladder import windows

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
ROLES = {"postgres", "prefect-server", "worker", "web", "postman", "mailpit"}
# In pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "".join(pieces)
    for pieces in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("yarn", "pkg.com"),
        ("crates", ".io"),
        ("docker", ".io"),
        ("docker", ".com"),
        ("ghcr", ".io"),
        ("quay", ".io"),
        ("proxy.go", "lang.org"),
        ("ana", "conda.org"),
    )
]


def page(name: str) -> str:
    """The words of a page in docs/."""
    return (ROOT / "docs" / name).read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """Every row of a page's tables, as cells."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def code(text: str) -> str:
    """What stands as code in a page: blocks, and words between backticks."""
    blocks = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(blocks + re.findall(r"`([^`\n]+)`", rest))


def commands() -> dict[str, click.Command]:
    """Every command that can be typed: "up", "import plan" …"""
    found: dict[str, click.Command] = {}

    def gather(command: Any, words: tuple[str, ...]) -> None:  # noqa: ANN401 - typer's own kinds
        below = getattr(command, "commands", None)
        if below is None:
            found[" ".join(words)] = command
            return
        for name, each in below.items():
            gather(each, (*words, name))

    gather(typer.main.get_command(app), ())
    return found


def documented_commands() -> dict[str, str]:
    """The commands' rows in running.md: "import plan" -> the whole row."""
    found = {}
    for cells in rows(page("running.md")):
        if match := re.match(r"`foljsam ([a-z-]+(?: [a-z][a-z-]+)?)", cells[0]):
            found[match[1]] = " | ".join(cells)
    return found


def documented_settings() -> dict[str, str]:
    """The settings' rows in settings.md: name -> the default, "" where there is none."""
    return {
        cells[0].strip("`"): "" if cells[1] in ("(empty)", "(none)") else cells[1].strip("`")
        for cells in rows(page("settings.md"))
        if cells[0].startswith("`FOLJSAM_")
    }


@cache
def compose() -> dict[str, Any]:
    """docker-compose.yml, read."""
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return read


def filled_in(value: object) -> str:
    """A value of docker-compose.yml when only the password is set: ${NAME:-default}."""
    words = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
    return re.sub(r"\$\{\w+:\?[^}]*\}", "abc123" * 8, words)


def names_in(text: str) -> set[str]:
    """The settings that a text speaks of."""
    return set(re.findall(r"FOLJSAM_[A-Z][A-Z_]*[A-Z]", text))


def known_settings() -> set[str]:
    """The settings that the code has."""
    return {f"FOLJSAM_{name.upper()}" for name in Settings.model_fields}


def may_be_named() -> set[str]:
    """Those, and the same with the file that holds the value."""
    return known_settings() | {f"{name}_FILE" for name in known_settings()}


def files() -> list[Path]:
    """Every file that is in the repository, or would be if it were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is not a git repository")
    return [
        path
        for name in listed.stdout.decode().split("\0")
        if name and (path := ROOT / name).is_file()
    ]


def test_every_setting_is_documented_and_no_other() -> None:
    assert documented_settings().keys() == known_settings()


def test_a_documented_default_is_the_default() -> None:
    defaults = {
        f"FOLJSAM_{name.upper()}": field.get_default()
        for name, field in Settings.model_fields.items()
    }
    written = {name: "" if value is None else str(value) for name, value in defaults.items()}
    written["FOLJSAM_SMTP_PASSWORD"] = ""  # a secret prints as stars
    assert documented_settings() == written


def test_every_setting_has_a_description_in_the_code() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_speaks_of_a_setting_that_is_not(path: Path) -> None:
    assert names_in(path.read_text("utf-8")) <= may_be_named()


@pytest.mark.parametrize("name", ["docker-compose.yml", "Dockerfile", "Makefile"])
def test_no_recipe_sets_a_setting_that_is_not(name: str) -> None:
    assert names_in((ROOT / name).read_text("utf-8")) <= known_settings()


def test_every_command_is_documented_and_no_other() -> None:
    assert documented_commands().keys() == commands().keys()


def test_every_option_of_a_command_stands_in_its_row() -> None:
    told = documented_commands()
    missing = {
        f"foljsam {name}": option
        for name, command in commands().items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help" and f"`{option}" not in told[name]
    }
    assert missing == {}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_command_in_a_page_can_be_typed(path: Path) -> None:
    typed = re.findall(
        r"\bfoljsam ((?:import|export|plan|report|deviations|administrator|collaboration|policy)"
        r" [a-z-]+|[a-z-]+)",
        code(path.read_text("utf-8")),
    )
    assert set(typed) <= commands().keys() | {"import", "export", "plan", "report", "deviations"}


def test_every_round_can_be_found_in_the_page_about_running() -> None:
    assert [line.name for line in timetable.TIMETABLE if line.name not in page("running.md")] == []


@pytest.mark.parametrize("words", [State, Move, Outcome], ids=lambda words: words.__name__)
def test_every_state_move_and_outcome_stands_among_the_words(words: Any) -> None:  # noqa: ANN401
    told = {cells[2]: cells[0].partition(" (")[0] for cells in rows(page("words.md"))}
    for word in words:
        assert told.get(f"`{words.__name__}.{word.name}`") == word.value


def test_no_word_speaks_of_a_state_or_a_move_that_is_not() -> None:
    for kind, name in re.findall(r"`(State|Move|Outcome)\.([A-Z_]+)`", page("words.md")):
        assert name in {"State": State, "Move": Move, "Outcome": Outcome}[kind].__members__


def test_the_ladders_stand_as_the_page_about_policy_says() -> None:
    ladders, due, checked = policy.load().ladders["deadline"], date(2024, 12, 31), 0
    for cells in rows(page("policy.md")):
        if not re.fullmatch(r"\d+ [A-Z][a-z]+ \d{4}", cells[0]):
            continue
        today = datetime.strptime(cells[0], "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
        days, side = cells[1].split()
        assert (due - today).days == int(days) * (1 if side == "before" else -1)
        for precision, told in (("month", cells[2]), ("year", cells[3])):
            found = [w.rung for w in windows("deadline", ladders, today) if w.holds(due, precision)]
            assert found == ([] if told == "–" else [int(told.replace("−", "-"))])
        checked += 1
    assert checked >= 8


def test_the_example_policy_is_one_that_is_read(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", page("policy.md"), re.DOTALL)
    assert found
    (tmp_path / "policy.toml").write_text(found[1], "utf-8")
    read = policy.load(tmp_path)
    assert read.ladders["deadline"].keys() == {"default", "year", "quarter"}
    assert read.review_months == 12


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_link_to_another_page_leads_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_docker_compose_has_the_six_roles() -> None:
    assert compose()["services"].keys() == ROLES


def test_docker_compose_publishes_nothing_beyond_loopback() -> None:
    published = [port for each in compose()["services"].values() for port in each.get("ports", [])]
    assert published
    assert [port for port in published if not str(port).startswith("127.0.0.1:")] == []


def test_only_the_pages_stand_in_the_machines_own_network_and_they_refuse_all_but_loopback() -> (
    None
):
    services = compose()["services"]
    assert [name for name, each in services.items() if "network_mode" in each] == ["web"]
    assert "FOLJSAM_HOST" not in services["web"]["environment"]


@pytest.mark.parametrize("role", ["worker", "web", "postman"])
def test_a_role_in_docker_compose_is_a_whole_configuration(
    role: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = compose()["services"][role]
    assert " ".join(service["command"]) in commands()
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, filled_in(value))
    told = settings.load(home=tmp_path)
    assert told.clock is settings.Clock.PREFECT
    assert told.database.startswith(f"postgresql+psycopg://foljsam:{'abc123' * 8}@")


def test_the_roles_that_write_and_open_links_share_one_home_and_one_address() -> None:
    services = [compose()["services"][role] for role in ("worker", "web", "postman")]
    homes = {each["environment"]["FOLJSAM_HOME"] for each in services}
    assert len(homes) == 1
    assert all(f"home:{home}" in each["volumes"] for home in homes for each in services)
    assert len({each["environment"]["FOLJSAM_BASE_URL"] for each in services}) == 1


def test_prefect_has_a_database_of_its_own_and_tells_nobody() -> None:
    environment = compose()["services"]["prefect-server"]["environment"]
    assert filled_in(environment["PREFECT_API_DATABASE_CONNECTION_URL"]).endswith("/prefect")
    assert "CREATE DATABASE prefect" in compose()["configs"]["accounts"]["content"]
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"


def test_each_has_an_account_that_is_no_superuser_and_reaches_its_own_database_alone() -> None:
    services = compose()["services"]
    asked = services["prefect-server"]["environment"]["PREFECT_API_DATABASE_CONNECTION_URL"]
    assert "://prefect:${PREFECT_DATABASE_PASSWORD" in asked
    for role in ("worker", "web", "postman"):
        asked = services[role]["environment"]["FOLJSAM_DATABASE_URL"]
        assert "://foljsam:${DATABASE_PASSWORD" in asked
    made = compose()["configs"]["accounts"]["content"]
    assert "REVOKE ALL ON DATABASE foljsam, prefect FROM PUBLIC" in made
    assert "SUPERUSER" not in made
    assert "POSTGRES_USER" not in services["postgres"]["environment"]


def test_prefect_asks_for_the_password_that_every_role_has() -> None:
    services = compose()["services"]
    server = services["prefect-server"]["environment"]
    password = filled_in(server["PREFECT_SERVER_API_AUTH_STRING"])
    for role in ("worker", "web", "postman"):
        assert filled_in(services[role]["environment"]["FOLJSAM_PREFECT_AUTH"]) == password
    assert server["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert filled_in(server["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"]) == "http://127.0.0.1:8474"


def test_the_image_is_built_from_the_lock_and_does_not_run_as_root() -> None:
    recipe = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--no-deps --require-hashes -r requirements.txt" in recipe
    assert re.findall(r"^USER (\w+)$", recipe, re.MULTILINE) == ["foljsam"]


def test_no_file_names_a_package_registry() -> None:
    naming = {
        str(path.relative_to(ROOT)): host
        for path in files()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    }
    assert naming == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_holds_no_addresses(name: str) -> None:
    assert "://" not in (ROOT / name).read_text("utf-8")
