"""Two collaborations in one installation: Frida leads the cast's, Gustav the other."""

import secrets
from dataclasses import dataclass

from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import transaction
from models.group import Collaboration, Group
from models.person import Person, Role, RoleHolding
from models.session import SignedIn
from tests.cast import Town
from tests.conftest import browse
from tests.sign_in.conftest import browser, with_sign_in
from web.app import create_app
from web.entry.sessions import hashed

ANOTHER = "Vårdsamverkan Annan"


@dataclass
class Neighbours:
    """Frida's collaboration and Gustav's, each with a group for the old."""

    town: Town
    ours: int
    theirs: int
    gustav: int
    our_group: int
    their_group: int

    @property
    def settings(self) -> Settings:
        """The installation where people sign in."""
        return with_sign_in(self.town.settings, prefect_port=1)

    def frida(self) -> TestClient:
        """Frida's browser, signed in."""
        return self._signed_in(self.town.frida)

    def gustavs(self) -> TestClient:
        """Gustav's browser, signed in."""
        return self._signed_in(self.gustav)

    def machine(self) -> TestClient:
        """The browser of whoever is at a machine where nobody signs in: an administrator."""
        return browse(create_app(self.town.settings), raise_server_exceptions=False)

    def _signed_in(self, person_id: int) -> TestClient:
        key, now = secrets.token_urlsafe(32), clock.now()
        with transaction(self.town.settings) as session:
            session.add(
                SignedIn(person_id=person_id, token_hash=hashed(key), began_at=now, seen_at=now)
            )
        client = browser(create_app(self.settings))
        client.cookies.set("foljsam", key)
        return client


def neighbours(town: Town) -> Neighbours:
    """Gustav's collaboration comes beside Frida's."""
    with transaction(town.settings) as session:
        ours = session.execute(select(c(Group).collaboration_id).limit(1)).scalar_one()
        other = Collaboration(name=ANOTHER)
        gustav = Person(name="Gustav", email="gustav@example.org")
        session.add_all([other, gustav])
        session.flush()
        theirs, person = int(other.id or 0), int(gustav.id or 0)
        old = Group(collaboration_id=ours, name="Temagrupp äldre")
        ceder = Group(collaboration_id=theirs, name="Temagrupp äldre")
        session.add_all([old, ceder])
        session.flush()
        our_group, their_group = int(old.id or 0), int(ceder.id or 0)
        session.add(RoleHolding(person_id=person, group_id=their_group, role=Role.PROCESS_LEADER))
        session.add(RoleHolding(person_id=town.alice, group_id=our_group, role=Role.CHAIR))
    return Neighbours(town, ours, theirs, person, our_group, their_group)
