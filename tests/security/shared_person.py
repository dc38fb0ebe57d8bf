"""Alice Alm, at home in one realm and taken on by the other, which calls her "A. Alm-Berg".

She leads, chairs, answers, moves, hands over and stands in there, through the same doors as
everybody, so that whatever tells of somebody tells of her.
"""

from datetime import date, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update
from sqlmodel import Session

from config import clock, policy, timetable
from intake.people.delegation import Scope, delegate
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.edition import ReportKind
from models.group import Collaboration
from models.known import PersonKnown
from models.letter import Letter, LetterState, Link
from models.moves import Mover
from models.part import Part
from models.person import Person, Role, RoleHolding
from models.plan import Plan
from models.status import ReleasedWords, StatusAnswer
from notifications import links
from notifications.rehearsal import LINES
from reports.compiling import compile_edition
from reports.editions import Of
from tests.security.realm import TODAY
from tests.security.walk import Place
from tests.sign_in.conftest import browser

OWN, TYPED = "Alice Alm", "A. Alm-Berg"
ADDRESS = "alm@example.org"


class Shared:
    """The place with her in it, and all that she has done in the realm that typed her name."""

    def __init__(self, place: Place) -> None:
        self.place, self.settings = place, place.settings
        self.home, self.there = place.hers, place.theirs
        with transaction(self.settings) as session:
            self.person = self._on_file(session)
        self.alices = self._signed_in()
        self._answers_for_things()
        self._moves_and_changes()
        self._mornings(date(2025, 1, 2))
        self._mornings(date(2025, 1, 20))
        self._answers_by_her_link()
        self._hands_over()
        self._letters_come_back()
        self._reports()
        self._numbers()
        place._remember()

    def _on_file(self, session: Session) -> int:
        row = Person(name=OWN, email=ADDRESS, home_collaboration_id=self.home.area)
        session.add(row)
        session.flush()
        assert row.id is not None
        known = PersonKnown(
            person_id=row.id,
            collaboration_id=self.there.area,
            name=TYPED,
            since=clock.now(),
            by=self.there.name("ledare"),
        )
        session.add(known)
        held = {
            self.home.near: Role.MEMBER,
            self.there.near: Role.CHAIR,
            self.there.over: Role.PROCESS_LEADER,
        }
        for group, role in held.items():
            session.add(RoleHolding(person_id=row.id, group_id=group, role=role))
        people = set(self.there.people.values())
        session.execute(
            update(Person)
            .where(c(Person).id.in_(people))
            .values(home_collaboration_id=self.there.area)
        )
        area = session.get_one(Collaboration, self.there.area)
        area.names_in_reports = True
        session.execute(update(Plan).values(reminded_from=date(2025, 1, 1)))
        return row.id

    def _signed_in(self) -> TestClient:
        """Her own browser."""
        client = browser(self.place.app)
        client.cookies.set("foljsam", self.place._signed_in(self.person))
        return client

    def _does(self, path: str, **fields: str) -> None:
        """She does something on a page, and it is done."""
        came = self.alices.post(path, data=fields, follow_redirects=False)
        assert came.status_code == 303, came.text

    def _answers_for_things(self) -> None:
        """All activities there name her, one through a part; their deadlines are near or over."""
        with transaction(self.settings) as session:
            for at, number in enumerate(self.there.ids["activity_id"]):
                day = date(2025, 1, 6) + timedelta(days=7 * at)
                session.execute(
                    update(Activity)
                    .where(c(Activity).id == number)
                    .values(deadline_first=day, deadline_last=day, deadline_text=str(day))
                )
                named = Responsibility(
                    activity_id=number,
                    kind=Answerable.PERSON,
                    words=TYPED,
                    person_id=self.person,
                )
                session.add(named)
            session.execute(
                update(Part)
                .where(c(Part).id.in_(self.there.ids["part_id"]))
                .values(kind=Answerable.PERSON, person_id=self.person, responsible=TYPED)
            )

    def _moves_and_changes(self) -> None:
        """Signed in, as the one who leads."""
        proposed, decided, *_ = self.there.ids["activity_id"]
        self._does(f"/aktiviteter/{decided}/flytta", move="starta")
        reason = "Mötet den 9 januari"
        self._does(f"/aktiviteter/{proposed}/andra", how="Med fler", reason=reason)
        self._does(f"/aktiviteter/{decided}/delar", name="Skolan", state="inte svarat")
        self._does(f"/grupper/{self.there.near}/andra", name=f"{self.there.mark} nära", kind="")
        new = {"name": f"Ny {self.there.mark}", "email": "ny@kvarnsten.example.org"}
        self._does("/personer/ny", **new, group=str(self.there.near))
        self._does(f"/planer/{self.there.plan}/mal", text=f"{self.there.mark} mål tre")

    def _mornings(self, first: date) -> None:
        """Every round that writes letters, day after day: she is asked, and is silent."""
        promises = policy.load(self.settings.home)
        for day in (first + timedelta(days=at) for at in range(6)):
            for line in timetable.TIMETABLE:
                if line.name in LINES and timetable.runs_on(line, day):
                    with transaction(self.settings) as session:
                        LINES[line.name](session, self.settings, promises, day)
            with transaction(self.settings) as session:
                session.execute(
                    update(Letter)
                    .where(c(Letter).state == LetterState.QUEUED, c(Letter).on_day <= day)
                    .values(state=LetterState.SENT, done_at=c(Letter).queued_at, went_on=day)
                )

    def _answers_by_her_link(self) -> None:
        now = clock.now()
        with transaction(self.settings) as session:
            link = Link(person_id=self.person, made_at=now, expires_at=now + timedelta(days=9))
            session.add(link)
            session.flush()
            assert link.id is not None
            self.link = link.id
        page = links.address(self.settings, self.link)[len(self.settings.pages_url) :]
        one, two, three, *_ = self.there.ids["activity_id"]
        part = self.there.ids["part_id"][0]
        given = {
            f"says_{one}": "not_me",
            f"instead_{one}": self.there.name("ledamot"),
            f"says_{two}": "late",
            f"text_{two}": "Det drar ut på tiden.",
            f"date_{two}": "2025-03-31",
            f"says_{three}": "done",
            f"text_{three}": "Nu är det gjort.",
            f"part_{part}": "klar",
        }
        asked = self.alices.get(page)
        assert asked.status_code == 200
        assert OWN in asked.text  # her own page is her own
        came = self.alices.post(page, data=given, follow_redirects=False)

        assert came.status_code == 303, came.text
        assert "Nu är det gjort" in self.alices.get(f"{page}/tack").text
        with transaction(self.settings) as session:
            answers = select(c(StatusAnswer).id, c(StatusAnswer).text).where(
                c(StatusAnswer).person_id == self.person, c(StatusAnswer).text != ""
            )
            for answer_id, words in session.execute(answers).all()[:1]:
                session.execute(
                    insert(ReleasedWords).values(
                        answer_id=answer_id, words=words, edited=False, on_day=TODAY, by=TYPED
                    )
                )

    def _hands_over(self) -> None:
        """An activity and a role to somebody there; and she stands in for somebody herself."""
        mover = Mover(OWN, self.person)
        bound = {"first_day": "2025-01-10", "last_day": "2025-01-31"}
        with transaction(self.settings) as session:
            to = self.there.address("ledamot")
            for scope in (
                Scope(self.there.ids["activity_id"][1]),
                Scope(None, self.there.near, "ordförande"),
            ):
                given = {"delegate": to, **bound}
                delegate(session, self.person, given, mover, today=TODAY, scope=scope)
            given = {"delegate": TYPED, **bound}
            scope = Scope(self.there.ids["activity_id"][2])
            delegate(session, self.there.people["ledare"], given, mover, today=TODAY, scope=scope)
        self._mornings(date(2025, 1, 27))

    def _letters_come_back(self) -> None:
        """One of her letters about nothing but that realm did not come; another was set aside."""
        with transaction(self.settings) as session:
            hers = select(c(Letter).id).where(
                c(Letter).person_id == self.person, c(Letter).kind == "morning"
            )
            latest = session.execute(hers.order_by(c(Letter).id.desc())).scalars().first()
            session.execute(
                update(Letter)
                .where(c(Letter).id == latest)
                .values(state=LetterState.FAILED, server_said="550 5.1.1 no such user")
            )

    def _reports(self) -> None:
        kinds = [(ReportKind.QUARTER, "2025Q1"), (ReportKind.YEAR, "2025")]
        for kind, period in kinds:
            for group in (self.there.near, None):
                of = Of(kind, self.there.area, group, period)
                made = compile_edition(self.settings, of, TODAY, TYPED)
                assert made is not None
                self.there.ids["edition_id"].append(made[0])

    def _numbers(self) -> None:
        """Letters, people and rounds that have come, so that their pages are opened too."""
        with reading(self.settings) as session:
            self.there.ids["letter_id"] = list(session.execute(select(c(Letter).id)).scalars())
            known = select(c(RoleHolding).person_id).distinct()
            people = set(session.execute(known).scalars()) | set(self.there.ids["person_id"])
            self.there.ids["person_id"] = sorted(people)
            answers = session.execute(select(c(StatusAnswer).id)).scalars()
            self.there.ids["answer_id"] = list(answers)
