"""Editions that older programs froze read and print as they did then, whatever is counted since.

`tests/data/editions/` holds one autumn and one year, frozen by the last program that wrote each
schema, and the words of the page that it drew from them.
"""

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.database import transaction
from models.edition import ReportKind
from reports.editions import Frozen, Of, canonical, fingerprint, freeze, newest
from reports.rollup.shapes import read_facts
from reports.rollup.show import report_of
from reports.writers.html import write_html
from tests.cast import Town

KEPT = sorted((Path(__file__).parent / "data" / "editions").glob("*.json"))
PROSE = {"inledning": "Ett år med mycket samarbete."}


def words_of(page: str) -> str:
    """What a reader of the page reads."""
    body = page[page.index("<body") :]
    body = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def kept(path: Path) -> dict[str, Any]:
    """An edition of before, with the words of its page."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def frozen_anew(town: Town, was: dict[str, Any]) -> Frozen:
    """The edition on file here."""
    of = Of(ReportKind(was["kind"]), 1, None, was["period"])
    with transaction(town.settings) as session:
        freeze(
            session,
            of,
            was["facts"],
            schema_version=was["schema"],
            cut_off=date.fromisoformat(was["cut_off"]),
            by="Frida",
        )
        found = newest(session, of)
    assert found is not None
    return found


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_an_edition_of_before_has_its_hash_and_says_what_it_said(
    small_town: Town, path: Path
) -> None:
    was = kept(path)
    assert fingerprint(canonical(was["facts"])) == was["sha256"]
    edition = frozen_anew(small_town, was)
    assert edition.sha256 == was["sha256"]
    assert read_facts(edition.facts).schema == was["schema"]
    assert words_of(write_html(report_of(edition, PROSE))) == was["words"]
