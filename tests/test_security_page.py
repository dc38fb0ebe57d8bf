"""docs/security.md: every requirement has its line, and every test that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.test_floors import FLOORS, ROOT

TESTS = ROOT / "tests"
ASKED = TESTS / "data" / "asvs_5_0_0_levels_1_and_2.txt"
WORDS = {"held", "n/a", "runs", "open"}
_LINE = re.compile(
    r"^\| (v5\.0\.0-\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE
)
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
# What runs what somebody wrote, or is no longer good enough to keep a secret.
DANGEROUS = {
    "eval",
    "exec",
    "os.system",
    "os.popen",
    "marshal.loads",
    "yaml.load",
    "tempfile.mktemp",
}
DANGEROUS |= {"pickle.load", "pickle.loads", "shelve.open", "hashlib.md5", "hashlib.sha1"}
DANGEROUS |= {
    f"random.{name}" for name in ("random", "choice", "randint", "randrange", "getrandbits")
}


def page() -> str:
    """The page."""
    return (ROOT / "docs" / "security.md").read_text("utf-8")


def lines() -> list[tuple[str, str, str, str]]:
    """Every requirement's line: which, what it asks, how it stands, and by what."""
    return _LINE.findall(page())


@cache
def named_in(name: str) -> set[str]:
    """The names of the tests in a file."""
    path = TESTS / name
    return set(re.findall(r"def (test_\w+)", path.read_text("utf-8"))) if path.exists() else set()


def test_every_requirement_has_one_line_and_no_other_has() -> None:
    told = [line[0] for line in lines()]
    assert sorted(told) == sorted(ASKED.read_text("utf-8").split())


def test_every_line_says_how_it_stands() -> None:
    assert {line[2] for line in lines()} <= WORDS


def test_what_is_held_names_a_test() -> None:
    unproven = [line[0] for line in lines() if line[2] == "held" and not _NAMED.search(line[3])]
    assert unproven == []


def test_what_is_not_held_says_why() -> None:
    assert [line[0] for line in lines() if len(line[3].strip()) < 5] == []


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(_NAMED.findall(page()))
    assert len(named) > 60
    assert sorted(f"{file}::{test}" for file, test in named if test not in named_in(file)) == []


def test_the_page_counts_its_lines_as_they_are() -> None:
    counted = {word: sum(line[2] == word for line in lines()) for word in WORDS}
    for word, number in counted.items():
        assert f"{number} {word}" in page()


def test_the_page_says_within_how_long_a_hole_is_mended() -> None:
    libraries = page().partition("## Libraries")[2].partition("\n## ")[0]
    told = re.findall(r"^\| .+ \| (\d+) days \|$", libraries, re.MULTILINE)
    days = [int(number) for number in told]
    assert len(days) == 4
    assert days == sorted(days)


def test_no_code_runs_words_or_draws_secrets_from_a_poor_source() -> None:
    assert [found for path in _code() for found in _dangerous(path)] == []


def test_the_image_holds_no_history_secret_or_test() -> None:
    left_out = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert {".git", ".env", "*.env", "var", "tests"} <= set(left_out)


def _code() -> list[Path]:
    return [path for room in FLOORS for path in sorted((ROOT / room).rglob("*.py"))]


def _dangerous(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        words = {word.arg for word in node.keywords}
        goes_on = "follow_redirects" in words and path.parent.name != "cli"  # the demo's own visits
        if ast.unparse(node.func) in DANGEROUS or "shell" in words or goes_on:
            found.append(f"{path.name}:{node.lineno} {ast.unparse(node.func)}")
    return found
