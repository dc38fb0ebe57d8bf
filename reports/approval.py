"""Who stands for an edition: prose kept between compilations, review, approval, sent.

compiled → reviewed → approved → sent. The facts are frozen from the first; the words that people
write are kept beside them, row by row, until an edition is approved: then that edition holds its
own. Only the newest edition of a report can be approved, so what an approved one says of the one
before never moves. Refusals are `CannotApprove` with a sentence for whoever asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlmodel import Session

from config import clock
from models.columns import c
from models.edition import Edition, EditionState, ReportKind, WrittenProse
from reports.blocks import Block, Heading, Paragraph, Prose, Report, Table, Tone
from reports.changes import Changed, changes
from reports.editions import Frozen, Of, by_id, newest
from reports.rollup.against import moved_without_cause
from reports.rollup.sections import MISSING, stands_in_words
from reports.rollup.shapes import read_facts
from reports.rollup.show import report_of
from rules.periods import parse
from rules.personnummer import holds, masked, refusal
from rules.wording import counted, day_in_words

BY_ITSELF = "Följsam"  # who approves what the timetable sends
_APPROVED = (EditionState.APPROVED, EditionState.SENT)
_MOST_CHANGES = 200
_FIRST = 3  # missing promises that a refusal names


class CannotApprove(ValueError):  # noqa: N818 - an answer, not a fault
    """An edition cannot take that step; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who did what with an edition, and the words it was approved with."""

    compiled_at: datetime
    compiled_by: str
    reviewed_at: datetime | None
    reviewed_by: str
    approved_at: datetime | None
    approved_by: str
    override_reason: str
    sent_at: datetime | None
    prose: dict[str, str]


@dataclass(frozen=True, slots=True)
class Edited:
    """An edition with who stands for it."""

    frozen: Frozen
    approval: Approval

    @property
    def approved(self) -> bool:
        """Has somebody approved it? Then nothing in it moves."""
        return self.frozen.state in _APPROVED


@dataclass(frozen=True, slots=True)
class Place:
    """A place to write in: what it stands under, and what is written or offered there."""

    key: str
    heading: str
    hint: str
    text: str
    by: str = ""
    at: datetime | None = None
    from_last_year: bool = False


def edited(session: Session, edition_id: int) -> Edited | None:
    """An edition and who stands for it."""
    frozen = by_id(session, edition_id)
    if frozen is None:
        return None
    columns = (c(Edition)[name] for name in Approval.__slots__)
    row = session.execute(select(*columns).where(c(Edition).id == edition_id)).one()
    return Edited(frozen, Approval(*row))


def earlier_approved(session: Session, edition: Edited) -> Edited | None:
    """The edition that readers had before this one: the newest approved with a lower number."""
    of = edition.frozen.of
    found = session.execute(
        select(c(Edition).id)
        .where(_is(Edition, of), c(Edition).number < edition.frozen.number)
        .where(c(Edition).state.in_(_APPROVED))
        .order_by(c(Edition).number.desc())
        .limit(1)
    ).scalar()
    return edited(session, found) if found is not None else None


def report(session: Session, edition: Edited) -> Report:
    """The edition as it is shown in every format: as approved, or the draft as it stands, with what
    does not add up.
    """
    earlier = earlier_approved(session, edition)
    if edition.approved:
        return complete(edition, earlier, edition.approval.prose)
    written = places(session, edition)
    prose = {place.key: masked(place.text) for place in written}
    deviations = edition.frozen.of.kind is ReportKind.DEVIATIONS
    warnings = [] if deviations else moved_without_cause(session, edition.frozen)
    if old := _last_years(written):
        warnings.append(f"Texten är kvar från förra året under {old}.")
    return complete(edition, earlier, prose, warnings)


def doubts(shown: Report) -> list[str]:
    """What does not add up: the sentences that stand first in a draft."""
    first = takewhile(_warns, shown.blocks) if shown.draft else ()
    return [block.text for block in first if isinstance(block, Paragraph)]


def complete(
    edition: Edited, earlier: Edited | None, prose: Mapping[str, str], warnings: Sequence[str] = ()
) -> Report:
    """The report with what approval adds: by whom, despite what, and what changed since the last.

    Nothing but its arguments: an archive makes the same report from the same lines.
    """
    told = report_of(edition.frozen, prose, warnings)
    first = list(takewhile(_warns, told.blocks))
    added = [*_signed(edition), *_changed(edition, earlier, prose)]
    return replace(told, blocks=(*first, *added, *told.blocks[len(first) :]))


def _warns(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.tone is Tone.WARNING


def _signed(edition: Edited) -> list[Block]:
    approval = edition.approval
    if not edition.approved or approval.approved_at is None:
        return []
    blocks: list[Block] = []
    if approval.approved_by != BY_ITSELF:
        day = day_in_words(clock.in_stockholm(approval.approved_at).date())
        blocks.append(Paragraph(f"Godkänd av {approval.approved_by} den {day}.", Tone.NOTE))
    if approval.override_reason:
        number = len(missing_promises(edition.frozen))
        lacks = counted(number, "utlovad redovisning saknas", "utlovade redovisningar saknas")
        words = f"{lacks.capitalize()}. Rapporten godkändes ändå. Skäl: {approval.override_reason}"
        blocks.append(Paragraph(words, Tone.WARNING))
    return blocks


def _changed(edition: Edited, earlier: Edited | None, prose: Mapping[str, str]) -> list[Block]:
    if earlier is None:
        return []
    found = changes(earlier.frozen, edition.frozen, earlier.approval.prose, prose)
    heading = Heading(1, f"Ändrat sedan utgåva {earlier.frozen.number}")
    if not found:
        return [heading, Paragraph("Inget har ändrats.")]
    return [heading, _table(found, earlier.frozen.number)]


def _table(found: Sequence[Changed], number: int) -> Table:
    rows = tuple((one.what, one.before, one.after) for one in found[:_MOST_CHANGES])
    left = len(found) - len(rows)
    return Table(
        f"Det som skiljer sig från utgåva {number}",
        ("Uppgift", "Förut", "Nu"),
        rows,
        note=f"Och {left} till." if left > 0 else "",
    )


def places(session: Session, edition: Edited) -> list[Place]:
    """Every place to write in, in the order of the report.

    What nobody has written this year is offered from the year before, marked as such.
    """
    of = edition.frozen.of
    written, offered = _written(session, of), _offered(session, of)
    found: list[Place] = []
    heading = ""
    for block in report_of(edition.frozen, {}).blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Prose):
            if block.key in written:
                found.append(Place(block.key, heading, block.hint, *written[block.key]))
            else:
                text = offered.get(block.key, "")
                found.append(Place(block.key, heading, block.hint, text, from_last_year=bool(text)))
    return found


def save(session: Session, edition: Edited, texts: Mapping[str, str], by: str) -> int:
    """Keep what was written, all places together. Returns how many changed.

    To save what was offered from the year before makes it this year's. Raises `CannotApprove` when
    the edition is approved, or a text holds a personnummer; keys that the report has no place for
    are left out.
    """
    if edition.approved:
        raise CannotApprove(
            "Utgåvan är godkänd och ändras inte. Sammanställ igen, så blir det en ny utgåva."
        )
    if wrong := [refusal(words) for words in texts.values() if holds(words)]:
        raise CannotApprove(" ".join(wrong))
    of, at = edition.frozen.of, clock.now()
    rows = [
        {
            "kind": of.kind,
            "collaboration_id": of.collaboration_id,
            "group_id": of.group_id,
            "period": of.period,
            "key": place.key,
            "text": text,
            "at": at,
            "by": by,
        }
        for place in places(session, edition)
        if place.key in texts
        and ((text := _tidy(texts[place.key])) != place.text or place.from_last_year)
    ]
    if rows:
        session.execute(insert(WrittenProse), rows)
        _back_to_compiled(session, edition.frozen.id)
    return len(rows)


def _back_to_compiled(session: Session, edition_id: int) -> None:
    """What was reviewed is no longer what it says."""
    session.execute(
        update(Edition)
        .where(c(Edition).id == edition_id, c(Edition).state == EditionState.REVIEWED)
        .values(state=EditionState.COMPILED, reviewed_at=None, reviewed_by="")
    )


def missing_promises(frozen: Frozen) -> list[str]:
    """The promises to tell something in the year's report that nothing is told about."""
    if frozen.of.kind is not ReportKind.YEAR:
        return []
    facts = read_facts(frozen.facts)
    return [
        f"{one.what} ({group.name}), ”{promise.words}”"
        for group in facts.groups
        for one in group.activities
        for promise in one.promises
        if stands_in_words(promise, one, facts) == MISSING
    ]


def review(session: Session, edition_id: int, by: str) -> None:
    """Somebody has read the draft and stands for its words. Raises `CannotApprove`."""
    edition = _newest_or_refuse(session, edition_id)
    if edition.frozen.state is not EditionState.COMPILED:
        raise CannotApprove(f"Utgåvan är redan {_STATES[edition.frozen.state]}.")
    _refuse_last_years(session, edition)
    _claim(
        session,
        edition,
        EditionState.REVIEWED,
        {"reviewed_at": clock.now(), "reviewed_by": by},
    )


def approve(session: Session, edition_id: int, by: str, reason: str = "") -> None:
    """Approve a reviewed edition: from now on nothing in it moves.

    1. It is the newest of its report, and reviewed.
    2. No promise is missing; or a reason is given, which is printed in the report.
    3. The words are frozen with it. Who comes second is refused.
    """
    edition = _newest_or_refuse(session, edition_id)
    state = edition.frozen.state
    if state in _APPROVED:
        raise CannotApprove(f"Utgåvan är redan godkänd av {edition.approval.approved_by}.")
    if state is not EditionState.REVIEWED:
        raise CannotApprove("Ingen har granskat utgåvan. Granska den först, godkänn den sedan.")
    _refuse_last_years(session, edition)
    missing = missing_promises(edition.frozen)
    if missing and not reason.strip():
        lacks = counted(len(missing), "utlovad redovisning", "utlovade redovisningar")
        raise CannotApprove(
            f"Rapporten saknar {lacks}: {_some(missing)}. Följ upp aktiviteterna och "
            "sammanställ igen, eller skriv varför rapporten godkänns ändå. Skälet trycks i den."
        )
    _approve(session, edition, by, reason.strip() if missing else "")


def _some(missing: Sequence[str]) -> str:
    """The first of them; the page beside the refusal has them all."""
    told = "; ".join(missing[:_FIRST])
    return told if len(missing) <= _FIRST else f"{told}; och {len(missing) - _FIRST} till"


def approve_by_itself(session: Session, edition_id: int) -> bool:
    """Approve what the timetable sends. False: somebody else was first, and may have sent it."""
    edition = edited(session, edition_id)
    assert edition is not None
    if edition.approved:
        return False
    try:
        _approve(session, edition, BY_ITSELF, "")
    except CannotApprove:
        return False
    return True


def mark_sent(session: Session, edition_id: int) -> bool:
    """Claim the sending of an approved edition. False: it was sent, or is not approved."""
    claimed = session.execute(
        update(Edition)
        .where(c(Edition).id == edition_id, c(Edition).state == EditionState.APPROVED)
        .values(state=EditionState.SENT, sent_at=clock.now())
        .returning(c(Edition).id)
    ).first()
    return claimed is not None


def not_sent_to_all(session: Session, edition_id: int) -> None:
    """Give a claim back: somebody's letter could not be made, and the next round tries again."""
    session.execute(
        update(Edition)
        .where(c(Edition).id == edition_id, c(Edition).state == EditionState.SENT)
        .values(state=EditionState.APPROVED, sent_at=None)
    )


def _approve(session: Session, edition: Edited, by: str, reason: str) -> None:
    prose = {
        place.key: masked(place.text)
        for place in places(session, edition)
        if place.text and not place.from_last_year
    }
    _claim(
        session,
        edition,
        EditionState.APPROVED,
        {
            "approved_at": clock.now(),
            "approved_by": by,
            "override_reason": masked(reason),
            "prose": prose,
        },
    )


def _claim(session: Session, edition: Edited, to: EditionState, values: Mapping[str, Any]) -> None:
    """Take a step, if the edition still stands where it was read."""
    stands = and_(c(Edition).id == edition.frozen.id, c(Edition).state == edition.frozen.state)
    done = session.execute(
        update(Edition).where(stands).values(state=to, **values).returning(c(Edition).id)
    ).first()
    if done is None:
        raise CannotApprove("Någon annan ändrade utgåvan just nu. Läs om sidan och försök igen.")


def _newest_or_refuse(session: Session, edition_id: int) -> Edited:
    edition = edited(session, edition_id)
    if edition is None:
        raise CannotApprove("Utgåvan finns inte.")
    latest = newest(session, edition.frozen.of)
    assert latest is not None
    if latest.id != edition_id:
        raise CannotApprove(
            f"Det finns en nyare utgåva, nummer {latest.number}. Bara den kan granskas och "
            "godkännas."
        )
    return edition


def _refuse_last_years(session: Session, edition: Edited) -> None:
    if old := _last_years(places(session, edition)):
        raise CannotApprove(
            f"Texten är kvar från förra året under {old}. Läs igenom och spara texterna först."
        )


def _last_years(written: Sequence[Place]) -> str:
    """The headings whose words nobody has read this year."""
    return ", ".join(place.heading for place in written if place.from_last_year)


_STATES = {
    EditionState.COMPILED: "sammanställd",
    EditionState.REVIEWED: "granskad",
    EditionState.APPROVED: "godkänd",
    EditionState.SENT: "skickad",
}


def state_in_words(state: EditionState) -> str:
    """How far an edition has come, in Swedish."""
    return _STATES[state]


def unsent(session: Session, kind: ReportKind) -> list[int]:
    """Approved editions that have not been sent, oldest first."""
    asked = select(c(Edition).id).where(
        c(Edition).kind == kind, c(Edition).state == EditionState.APPROVED
    )
    return list(session.execute(asked.order_by(c(Edition).id)).scalars())


def _written(session: Session, of: Of) -> dict[str, tuple[str, str, datetime]]:
    """The newest words at each key: (text, by, at)."""
    w = c(WrittenProse)
    latest = select(func.max(w.id)).where(_is(WrittenProse, of)).group_by(w.key)
    rows = session.execute(select(w.key, w.text, w.by, w.at).where(w.id.in_(latest)))
    return {key: (text, by, at) for key, text, by, at in rows}


def _offered(session: Session, of: Of) -> dict[str, str]:
    if of.kind is not ReportKind.YEAR:
        return {}
    year_before = replace(of, period=str(parse(of.period).a_year_before))
    return {key: text for key, (text, _, _) in _written(session, year_before).items() if text}


def _is(table: Any, of: Of) -> ColumnElement[bool]:  # noqa: ANN401 - Edition or WrittenProse
    return and_(
        c(table).kind == of.kind,
        c(table).collaboration_id == of.collaboration_id,
        func.coalesce(c(table).group_id, 0) == (of.group_id or 0),
        c(table).period == of.period,
    )


def _tidy(text: str) -> str:
    """One kind of line ends, and paragraphs apart by one empty line."""
    parts = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return "\n\n".join(part.strip() for part in parts if part.strip())
