"""Who asked to sign in, and who is signed in. Keys are kept as hashes: the rows open nothing.

What somebody may do is not here. It follows, at every request, from the roles that she holds that
day, so a role that ends takes its rights with it.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select, update
from sqlmodel import Field, Session, SQLModel

from config import clock
from models.columns import Moment, c
from models.person import Person


class SignInRequest(SQLModel, table=True):
    """Somebody asked for a link by mail. Also kept, for a day, when nobody has that address:
    the rows are what "too many" is counted from."""

    __tablename__ = "sign_in_request"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_sign_in_request_asked_at", "asked_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    asked_at: datetime = Field(sa_type=Moment)
    address_hash: str
    from_hash: str
    browser_hash: str
    # The browser's own key, where somebody has signed in with that address; empty: a stranger's.
    known_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    person_id: int | None = Field(default=None, foreign_key="person.id")
    token_hash: str | None = None  # None: no letter was written
    onward: str = "/"  # the page that she was on her way to
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class SignedIn(SQLModel, table=True):
    """One person is signed in, in one browser, until it expires or is ended."""

    __tablename__ = "signed_in"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str
    browser: str = ""  # "Firefox, Windows": for her to know which it is
    began_at: datetime = Field(sa_type=Moment)
    seen_at: datetime = Field(sa_type=Moment)
    # When she last showed who she is; None where the organisation's sign-in does not tell.
    proved_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


def end_sessions_at_home(session: Session, person_id: int, collaboration_id: int) -> None:
    """The same, when the collaboration whose rights change is her home.

    Another must not be able to throw her out of hers by giving and ending a role. What she may
    there is asked anew for each page, so a role that has ended opens nothing.
    """
    home = select(c(Person).home_collaboration_id).where(c(Person).id == person_id)
    if session.execute(home).scalar() in {None, collaboration_id}:
        end_sessions_of(session, person_id)


def end_sessions_of(session: Session, person_id: int) -> None:
    """Sign somebody out everywhere, and close the links to sign in with that are on their way.

    Called in the transaction that changes her rights, her address or her last day: whoever is
    signed in as her has to show once more that she is.
    """
    now = clock.now()
    for table, ended in ((SignedIn, "ended_at"), (SignInRequest, "used_at")):
        session.execute(
            update(table)
            .where(c(table).person_id == person_id, c(table)[ended].is_(None))
            .values({ended: now})
            .execution_options(synchronize_session=False)
        )
