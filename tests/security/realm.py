"""A whole collaboration on file, one object of each kind, its words and numbers unmistakable.

Every word of it holds its mark. Numbers of different kinds are far apart, so that a number that
stands in a form tells which kind of object it is.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock
from config.settings import Settings
from intake.people.register import keep, note
from intake.people.taking_on import Typed, take_on
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.comment import Comment, CommentFile, FileKind
from models.database import reading, transaction
from models.decision import Decision
from models.delegation import Delegation
from models.deviation import DeviationImport, DeviationMapping, ImportState
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from models.group_note import GroupNote
from models.letter import Letter, LetterItem, LetterState, Link, Notice, NoticeKind
from models.letter_kinds import LetterKind
from models.lifecycle import Brought, Move, Outcome
from models.mail_reply import Became, MailReply, MailReplyLine
from models.moves import Mover, make_move, propose, put_span
from models.part import Part
from models.person import Person, Role, RoleHolding
from models.plan import Adoption, Goal, Plan, PlanTargetGroup, TargetGroup
from models.register_change import RegisterDeed
from models.round import Round, SetAside
from models.span import Precision, Span
from models.status import Says, StatusAnswer
from models.status_round import Meeting, Occasion, StatusQuestion, StatusRound
from notifications import feeds, links
from reports.approval import approve, mark_sent, review
from reports.compiling import compile_edition
from reports.editions import Of

MEETS_ON = date(2025, 2, 3)
_DAYS = count()  # each letter a day of its own, as everybody has one a day

TODAY = date(2025, 1, 10)
APART = 10_000
# Which numbers are of which kind: 20_001 is a group.
KINDS = (
    *("collaboration_id", "group_id", "person_id", "holding_id", "plan_id", "goal_id"),
    *("target_group_id", "activity_id", "adoption_id", "delegation_id", "link_id", "letter_id"),
    *("round_id", "answer_id", "edition_id", "part_id", "decision_id"),
    *("import_id", "mapping_id", "note_id", "file_id"),
)
_ROWS = count()


def kind_of(number: int) -> str:
    """The kind of object that has that number, or ""."""
    at = number // APART - 1
    return KINDS[at] if 0 <= at < len(KINDS) else ""


@dataclass
class Realm:
    """One collaboration: its mark, who is who, and the numbers of everything it has."""

    settings: Settings
    mark: str
    ids: dict[str, list[int]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    guests: list[int] = field(default_factory=list)  # people of the other realm, known here too

    def __post_init__(self) -> None:
        with transaction(self.settings) as session:
            self._people(session)
            self._plans(session)
            self._activities(session)
            self._asked(session)
            self._deviations(session)
        self.ids["calendar_of_person_id"] = self.ids["person_id"]
        self._report()
        self._links()

    def name(self, who: str) -> str:
        """What somebody is called."""
        return f"{who.capitalize()} {self.mark}"

    def address(self, who: str) -> str:
        """Somebody's address."""
        return f"{who}@{self.mark.lower()}.example.org"

    def words(self) -> list[str]:
        """Words by which something of it can be named."""
        one = {kind: numbers[0] for kind, numbers in self.ids.items()}
        return [
            self.name("ordf"),
            self.address("ordf"),
            f"{self.mark} närgrupp",
            f"{self.mark} plan 2025",
            f"roll-{one['group_id']}-ordförande",
            f"aktivitet-{one['activity_id']}",
            f"{self.mark} närgrupp, 2025-01-08, § 9",
        ]

    def reach(self, kind: str) -> list[int]:
        """The numbers of a kind that its own leader meets: its own, and its guests."""
        return [*self.ids.get(kind, ()), *(self.guests if kind == "person_id" else ())]

    def takes_on(self, home: "Realm") -> None:
        """Somebody who is at home in another realm has a role here, by the name that is typed."""
        address = f"gast.{home.people['ordf']}@example.org"
        with transaction(self.settings) as session:
            row = Person(name=home.name("gäst"), email=address, home_collaboration_id=home.area)
            session.add(row)
            session.flush()
            number = int(row.id or 0)
            role = RoleHolding(person_id=number, group_id=home.near, role=Role.MEMBER)
            home._add(session, "holding_id", role)
            home._has_work(session, number)
            feeds.make(session, person_id=number)
            typed = Typed(self.name("gäst"), address)
            take_on(session, self.area, [typed], self.name("ledare"))
            role = RoleHolding(person_id=number, group_id=self.near, role=Role.MEMBER)
            self._add(session, "holding_id", role)
            self._has_work(session, number)
        home.people["gäst"] = number
        self.guests.append(number)

    def _has_work(self, session: Session, person_id: int) -> None:
        """Somebody answers for something, has said so, hands over and takes over, has had mail."""
        now, last = clock.now(), self.ids["activity_id"][-1]
        named = Responsibility(
            activity_id=last,
            kind=Answerable.PERSON,
            words=f"{self.name('gäst')} {person_id}",
            person_id=person_id,
        )
        link = Link(person_id=person_id, made_at=now, expires_at=now + timedelta(days=9999))
        session.add_all([named, link])
        session.flush()
        answer = StatusAnswer(
            activity_id=last,
            person_id=person_id,
            link_id=link.id,
            at=now,
            on_day=date(2025, 1, 9),
            says=Says.LATE,
            text=f"{self.mark} gästs svar",
        )
        self._add(session, "answer_id", answer)
        about = Notice(
            activity_id=last,
            kind=NoticeKind.DEADLINE,
            rung=7,
            due_on=date(2025, 2, person_id % 28 + 1),
            reached_on=TODAY,
            written_on=TODAY,
            asked_on=TODAY,
        )
        letter = self._letter(person_id, LetterState.SENT)
        letter.to_name = session.get_one(Person, person_id).name
        session.add_all([about, letter])
        session.flush()
        session.add(LetterItem(letter_id=letter.id or 0, notice_id=about.id or 0))
        self.ids["letter_id"].append(letter.id or 0)
        chair = self.people["ordf"]
        for giver, taker, role in ((person_id, chair, Role.MEMBER), (chair, person_id, Role.CHAIR)):
            stands_in = Delegation(
                person_id=giver,
                delegate_id=taker,
                group_id=self.near,
                role=role,
                first_day=date(2025, 2, 1),
                last_day=date(2025, 3, 1),
                at=now,
                by=self.name("ledare"),
            )
            self._add(session, "delegation_id", stands_in)

    def _add(self, session: Session, kind: str, row: Any) -> int:  # noqa: ANN401
        row.id = row.id or self._first(session, kind, type(row))
        session.add(row)
        session.flush()
        self.ids.setdefault(kind, []).append(int(row.id))
        return int(row.id)

    def _first(self, session: Session, kind: str, table: Any) -> int | None:  # noqa: ANN401
        """The number of the first of a kind; the database counts on from there."""
        if self.ids.get(kind):
            return None
        highest = session.execute(select(func.max(c(table).id))).scalar() or 0
        return max((KINDS.index(kind) + 1) * APART + 1, highest + 1)

    def _people(self, session: Session) -> None:
        m = self.mark
        self.area = self._add(session, "collaboration_id", Collaboration(name=f"{m} samverkan"))
        self.near = self._add(
            session, "group_id", Group(collaboration_id=self.area, name=f"{m} närgrupp")
        )
        self.over = self._add(
            session, "group_id", Group(collaboration_id=self.area, name=f"{m} styrgrupp")
        )
        held = {
            "ordf": (self.near, Role.CHAIR),
            "ledamot": (self.near, Role.MEMBER),
            "ledare": (self.over, Role.PROCESS_LEADER),
        }
        for who, (group, role) in held.items():
            row = Person(
                name=self.name(who), email=self.address(who), home_collaboration_id=self.area
            )
            self.people[who] = self._add(session, "person_id", row)
            holding = RoleHolding(person_id=self.people[who], group_id=group, role=role)
            number = self._add(session, "holding_id", holding)
            told = f"{self.name(who)} blir {role} i {m} grupp."
            change = keep(session, RegisterDeed.ROLE_TAKEN, TODAY, holding_id=number)
            note(
                *(session, told, self.name("ledare")),
                today=TODAY,
                group_id=group,
                person_id=self.people[who],
                change_id=change,
            )

    def _plans(self, session: Session) -> None:
        m, area = self.mark, self.area
        plan = Plan(
            collaboration_id=area,
            group_id=self.near,
            title=f"{m} plan 2025",
            first_day=date(2025, 1, 1),
            last_day=date(2025, 12, 31),
        )
        self.plan = self._add(session, "plan_id", plan)
        later = Plan(
            collaboration_id=area,
            group_id=self.near,
            title=f"{m} plan 2026",
            first_day=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
        )
        self.later = self._add(session, "plan_id", later)
        for text in (f"{m} mål ett", f"{m} mål två"):
            self._add(session, "goal_id", Goal(plan_id=self.plan, text=text))
        tag = TargetGroup(collaboration_id=area, name=f"{m} barn")
        tag_id = self._add(session, "target_group_id", tag)
        session.add(PlanTargetGroup(plan_id=self.plan, target_group_id=tag_id))
        adoption = Adoption(plan_id=self.plan, group_id=self.over, adopted_on=date(2025, 1, 2))
        self._add(session, "adoption_id", adoption)
        decision = Decision(group_id=self.over, decided_on=date(2025, 1, 2), reference=f"§ {m}")
        self.decision = self._add(session, "decision_id", decision)

    def _activities(self, session: Session) -> None:
        m = self.mark
        decided = (Move.DECIDE, Brought(decision_id=self.decision))
        told = Brought(
            result=f"{m} resultat", figure="3", outcome=Outcome.ACHIEVED, kept_by=f"{m} hos"
        )
        moves: dict[str, tuple[tuple[Move, Brought], ...]] = {
            "föreslagen": (),
            "beslutad": (decided,),
            "uppföljd": (decided, (Move.START, Brought()), (Move.FOLLOW_UP, told)),
            "överförd": (decided, (Move.CARRY_OVER, Brought(next_plan_id=self.later))),
            "pågående": (decided, (Move.START, Brought())),
        }
        for what, made in moves.items():
            number = self._activity(session, what)
            for move, brought in made:
                mover = Mover(self.name("ledare"))
                make_move(session, number, move, mover, today=date(2025, 1, 3), brought=brought)
        part = Part(activity_id=number, name=f"{self.mark} del", since=TODAY)
        self._add(session, "part_id", part)

    def _activity(self, session: Session, what: str) -> int:
        day = date(2025, 2, 28)
        row = Activity(
            id=self._first(session, "activity_id", Activity),
            plan_id=self.plan,
            group_id=self.near,
            what=f"{self.mark} {what}",
            how=f"{self.mark} hur",
            follow_up=f"{self.mark} antal",
            source_key=f"row {next(_ROWS)}",
            state_since=TODAY,
        )
        put_span(row, "deadline", Span(str(day), day, day, Precision.DAY))
        number = propose(session, row, Mover(self.name("ledare")), today=date(2025, 1, 2))
        self.ids.setdefault("activity_id", []).append(number)
        named = Responsibility(
            activity_id=number,
            kind=Answerable.PERSON,
            words=self.name("ordf"),
            person_id=self.people["ordf"],
        )
        session.add_all([named, ActivityGoal(activity_id=number, goal_id=self.ids["goal_id"][0])])
        session.flush()
        return number

    def _asked(self, session: Session) -> None:
        now = clock.now()
        last = self.ids["activity_id"][-1]
        link = Link(
            person_id=self.people["ordf"], made_at=now, expires_at=now + timedelta(days=9999)
        )
        self.link = self._add(session, "link_id", link)
        session.add(
            Link(person_id=self.people["ordf"], made_at=now, expires_at=now + timedelta(days=9999))
        )
        for state in (LetterState.SENT, LetterState.QUEUED, LetterState.FAILED):
            self._add(session, "letter_id", self._letter(self.people["ordf"], state))
        opened = StatusRound(
            group_id=self.near,
            occasion=Occasion.ASKED,
            occasion_on=date(2025, 1, 8),
            opened_on=date(2025, 1, 8),
            closes_on=date(2025, 1, 20),
            opened_by=self.name("ledare"),
        )
        round_id = self._add(session, "round_id", opened)
        session.add(StatusQuestion(round_id=round_id, activity_id=last, answered_on=TODAY))
        session.add(StatusQuestion(round_id=round_id, activity_id=self.ids["activity_id"][1]))
        answer = StatusAnswer(
            activity_id=last,
            person_id=self.people["ordf"],
            link_id=self.link,
            at=now,
            on_day=date(2025, 1, 9),
            says=Says.NOT_ME,
            text=f"{self.mark} svar",
            instead=self.name("ledamot"),
        )
        self._add(session, "answer_id", answer)
        session.add(Meeting(group_id=self.near, on_day=MEETS_ON))
        self._mail(session, last)
        self._comment(session, last)
        stands_in = Delegation(
            person_id=self.people["ordf"],
            delegate_id=self.people["ledamot"],
            activity_id=self.ids["activity_id"][0],
            first_day=TODAY,
            last_day=date(2025, 3, 1),
            at=now,
            by=self.name("ledare"),
        )
        self._add(session, "delegation_id", stands_in)
        feeds.make(session, person_id=self.people["ordf"])
        ran = session.execute(select(Round)).scalar()  # one for everybody
        if ran is None:
            ran = Round(line="morning-round", on_day=TODAY, started_at=now, finished_at=now)
            session.add(ran)
            session.flush()
        session.add(
            SetAside(
                round_id=ran.id or 0,
                collaboration_id=self.area,
                what=f"{self.mark} rapport",
                why=f"{self.mark} skäl",
            )
        )

    def _comment(self, session: Session, activity_id: int) -> None:
        """The leader has written about it, and attached a file."""
        said = Comment(
            activity_id=activity_id,
            at=clock.now(),
            on_day=TODAY,
            by=self.name("ledare"),
            person_id=self.people["ledare"],
            words=f"{self.mark} kommentar",
        )
        session.add(said)
        session.flush()
        content = f"{self.mark} bilaga".encode()
        file = CommentFile(
            comment_id=said.id or 0,
            name=f"{self.mark}.pdf",
            kind=FileKind.PDF,
            size=len(content),
            sha256="0" * 64,
            content=content,
        )
        self._add(session, "file_id", file)

    def _mail(self, session: Session, activity_id: int) -> None:
        """Somebody has answered by mail, and it waits for the leader's yes."""
        mail = MailReply(
            fingerprint=sha256(f"{self.mark} mejl".encode()).hexdigest(),
            at=clock.now(),
            on_day=date(2025, 1, 9),
            person_id=self.people["ordf"],
            sender=self.address("ordf"),
            sender_name=self.name("ordf"),
            subject=f"{self.mark} re",
            words=f"{self.mark} mejl",
            became=Became.NOT_CHECKED,
        )
        session.add(mail)
        session.flush()
        session.add(
            MailReplyLine(reply_id=mail.id or 0, activity_id=activity_id, says=Says.ON_TRACK)
        )

    def _letter(self, person_id: int, state: LetterState) -> Letter:
        """A letter about nothing but the one who got it."""
        now = clock.now()
        return Letter(
            person_id=person_id,
            link_id=None,
            kind=LetterKind.MORNING,
            occasion=f"prov {self.mark} {person_id} {state}",
            on_day=date(2025, 1, 3) + timedelta(days=next(_DAYS)),
            to_name=self.name("ordf"),
            to_address=self.address("ordf"),
            subject=f"{self.mark} ärende",
            text=f"{self.mark} brev",
            html=f"<p>{self.mark} brev</p>",
            message_id=f"<{self.mark}.{person_id}.{state}@example.org>",
            queued_at=now,
            not_before=now,
            state=state,
            done_at=None if state is LetterState.QUEUED else now,
        )

    def _deviations(self, session: Session) -> None:
        """A file taken in, one that waits for a yes, and how such files are read."""
        m, now = self.mark, clock.now()
        for state in (ImportState.TAKEN_IN, ImportState.WAITING):
            row = DeviationImport(
                collaboration_id=self.area,
                state=state,
                file=f"{m}.csv",
                sha256=sha256(f"{m} {state}".encode()).hexdigest(),
                source=f"{m} källa",
                at=now,
                by=self.name("ledare"),
                rows=1,
                unknown=[["severity", f"{m} allvar", 1]],
                headings=[["Allvar", "severity"]],
                refused=[],
                personnummer_rows=[],
            )
            self._add(session, "import_id", row)
        mapping = DeviationMapping(
            collaboration_id=self.area,
            name=f"{m} källa",
            columns={f"{m} rubrik": "severity"},
            changed_at=now,
            changed_by=self.name("ledare"),
        )
        self._add(session, "mapping_id", mapping)

    def _report(self) -> None:
        reports = (
            Of(ReportKind.QUARTER, self.area, self.near, "2025Q1"),
            Of(ReportKind.YEAR, self.area, None, "2025"),
        )
        self.ids["edition_id"] = []
        for of in reports:
            made = compile_edition(self.settings, of, TODAY, self.name("ledare"))
            assert made is not None
            self.ids["edition_id"].append(made[0])
            with transaction(self.settings) as session:
                edition = session.get_one(Edition, made[0])
                assert edition.state is EditionState.COMPILED
        self._sent_report()
        with transaction(self.settings) as session:
            note = GroupNote(
                edition_id=self.ids["edition_id"][0],
                at=clock.now(),
                by=self.name("ledare"),
                conclusion=f"{self.mark} anteckning",
            )
            self._add(session, "note_id", note)

    def _sent_report(self) -> None:
        """What its readers see too: drafts are the leaders' alone."""
        of = Of(ReportKind.YEAR, self.area, self.near, "2025")
        made = compile_edition(self.settings, of, TODAY, self.name("ledare"))
        assert made is not None
        self.ids["edition_id"].append(made[0])
        with transaction(self.settings) as session:
            review(session, made[0], self.name("ledare"))
            approve(session, made[0], self.name("ledare"), f"{self.mark} övrigt")
            assert mark_sent(session, made[0])

    def _links(self) -> None:
        begins = len(self.settings.pages_url)
        edition = self.ids["edition_id"][0]
        with reading(self.settings) as session:
            feed = feeds.feed_address(session, self.settings, person_id=self.people["ordf"])
        self.tokens = {
            "svar": links.address(self.settings, self.link)[begins:],
            "rapport": links.edition_address(self.settings, self.link, edition)[begins:],
            "kalender": (feed or "")[begins:],
        }
