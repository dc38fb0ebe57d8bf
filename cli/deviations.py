"""`foljsam import deviations` and `deviations place`: an export put on file, and whose it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from sqlmodel import Session

from cli.console import MOST, Wrong, out
from cli.same_groups import BY, teach_all
from config import clock
from config.settings import Settings
from intake.deviation import codes
from intake.deviation.placing import (
    CannotPlace,
    place,
    place_source,
    unplaced,
    unplaced_sources,
)
from intake.deviation.shapes import Column, Export, Source, Why
from intake.deviation.spelling import of_export
from intake.deviation.ticking import reading_of
from intake.deviation.whose import asked_for, collaborations, named, the_only_one
from intake.deviations import (
    MAX_BYTES,
    Compared,
    compare,
    look,
    read_deviations,
    source_named,
    take_in_unasked,
    taken_before,
)
from intake.documents import file_at
from intake.plan.synonyms import told_pairs
from models.database import reading, transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    file: Path
    mapping: str = ""
    collaboration: str = ""
    check: bool = False
    accept: bool = False  # every new word in a coded column is a code
    as_json: bool = False
    groups: str = ""  # "word=target group,…"


def take(settings: Settings, asked: Asked) -> None:
    """Read a file and put its cases on file, or only say what it would change."""
    groups = list(told_pairs("--groups", "word=target group", asked.groups))
    check, accept = asked.check, asked.accept
    found = file_at(asked.file, max_bytes=MAX_BYTES)
    with reading(settings) as session:
        area = asked_for(session, asked.collaboration)
        source = source_named(session, area, asked.mapping)
    export = read_deviations(asked.file.name, found, source, key=settings.secret)
    with transaction(settings) as session:
        area = area or the_only_one(session, settings.organisation)
        assert area is not None
        words = [] if accept else codes.unknown(session, area, export)
        if accept:
            codes.teach(session, area, codes.unknown(session, area, export), BY, clock.now())
        counts = _on_file(session, area, export, source, words, check=check)
        in_file = {case.target_group for case in export.cases.values()}
        teach_all(session, area, groups, in_file if check else ())
        if check:
            session.rollback()  # nothing is saved, not even a first collaboration
    codes.leave_out(export, words)
    with reading(settings) as session:
        if (mine := area) in collaborations(session):
            export.spelled = of_export(session, mine, export)
    if asked.as_json:
        answer = {**told(export, counts), "unknown_words": len(words)}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    _tell(export, counts, check=check)
    if words:
        out.print(
            f"{len(words)} words are not known to be codes and were left out: tick them under "
            "Avvikelser, or say --accept-words, and take the file in again."
        )


def _on_file(
    session: Session,
    area: int,
    export: Export,
    source: Source,
    words: list[codes.Word],
    *,
    check: bool,
) -> Compared:
    now = clock.now()
    if taken_before(session, area, export.sha256, reading_of(source, words)) is not None:
        return Compared(0, 0, len(export.cases))
    if not check:
        return take_in_unasked(session, area, export, source, BY, now).counts
    codes.leave_out(export, words)
    return compare(session, look(session, area, export, source, BY, now))


def told(export: Export, counts: Compared) -> dict[str, Any]:
    """The whole answer for a program."""
    return {
        "rows": export.rows,
        "cases": len(export.cases),
        "new": counts.new,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "only_status": counts.only_status,
        "rejected": [{"row": each.row, "reason": each.why.english} for each in export.refused],
        "personnummer_rows": export.personnummer_rows,
        "by_quarter_group": export.by_quarter(Column.GROUP),
        "by_quarter_process": export.by_quarter(Column.PROCESS),
    }


def _tell(export: Export, counts: Compared, *, check: bool) -> None:
    out.print(
        f"{export.rows} rows, {len(export.cases)} cases: {counts.new} new, "
        f"{counts.updated} updated, {counts.unchanged} unchanged."
    )
    if counts.only_status:
        out.print(f"{counts.only_status} of the updated change only in their words of status.")
    for quarter, groups in export.by_quarter(Column.GROUP).items():
        listed = ", ".join(f"{group} {number}" for group, number in groups.items())
        out.print(f"  {quarter}: {listed}", markup=False)
    for why in Why:
        if rows := [each.row for each in export.refused if each.why is why]:
            out.print(f"Refused, row {_listed(rows)}: {why.english}", markup=False)
    if export.personnummer_rows:
        out.print(
            f"Personnummer in row {_listed(export.personnummer_rows)}. They were not kept; "
            "take them out of the deviation system.",
            markup=False,
        )
    if export.hidden:
        out.print(f"{export.hidden} values looked like free text and were not kept.")
    if check:
        out.print("Nothing saved (--check).")


def _listed(rows: list[int], most: int = 20) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(str(row) for row in rows[:most]) + more


def tell_unplaced(settings: Settings) -> None:
    """What waits for somebody to say whose it is."""
    with reading(settings) as session:
        files, sources = unplaced(session), unplaced_sources(session)
        areas = collaborations(session)
    for one in files:
        numbers = ", ".join(str(id_) for id_ in one.import_ids)
        names = ", ".join(file.file for file in one.files)
        by = ", ".join(sorted({file.by for file in one.files}))
        out.print(f"{numbers}: {names} (by {by}; {one.cases} cases)", markup=False)
    for source in sources:
        out.print(f"{source.name}: a source, changed by {source.changed_by}", markup=False)
    if not files and not sources:
        out.print("Nothing waits to be placed.")
        return
    out.print(f"Place each with `foljsam deviations place NUMBER COLLABORATION`: {_named(areas)}.")


def _named(areas: dict[int, str]) -> str:
    return ", ".join(f"{name} ({id_})" for id_, name in areas.items())


def place_it(settings: Settings, what: str, collaboration: str) -> None:
    """Give an import, and those it hangs together with, or a source, to a collaboration."""
    with transaction(settings) as session:
        area = named(session, collaboration)
        if area is None:
            there = _named(collaborations(session))
            raise Wrong(f"There is no collaboration {collaboration!r}. There is: {there}.")
        try:
            if what.isdecimal() and int(what) <= MOST:
                cases = place(session, int(what), area)
                out.print(f"Placed, {cases} cases.")
                return
            source = next((s.id for s in unplaced_sources(session) if s.name == what), 0)
            place_source(session, source, area)
            out.print("Placed.")
        except CannotPlace as refused:
            raise Wrong(refused.english) from None
