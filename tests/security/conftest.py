"""One place for the whole walk: two collaborations in one installation, and everybody in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import settings as settings_module
from tests.conftest import a_moments_work
from tests.security.page_forms import Form
from tests.security.realm import Realm
from tests.security.walk import EVERYBODY, HOLDER, LEADER, OTHER_LEADER, READER, Place, forms_of
from tests.sign_in.conftest import with_sign_in
from tests.sizes import LONG
from web.app import create_app

Rendered = dict[str, list[tuple[str, Form]]]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    """Both realms on file."""
    home = tmp_path_factory.mktemp("security")
    shutil.copy(migrated, home / "foljsam.db")
    told = with_sign_in(settings_module.load(home=home), prefect_port=1)
    hers, theirs = Realm(told, "Drakfors"), Realm(told, "Kvarnsten")
    hers.takes_on(theirs)
    theirs.takes_on(hers)
    made = Place(told, create_app(told), hers, theirs)
    yield made
    made.close()


@pytest.fixture(scope="package", autouse=True)
def _a_moments_work() -> Iterator[None]:
    """So for all tests of this folder."""
    with a_moments_work(0.2, always=True):
        yield


@pytest.fixture(scope="session")
def rendered(place: Place) -> Rendered:
    """Every form of every page, as everybody sees them; by a few of them, unless all is tried."""
    looking = EVERYBODY if LONG else (READER, LEADER, OTHER_LEADER, HOLDER)
    with a_moments_work(0.2):
        return {who: forms_of(place, who) if who in looking else [] for who in EVERYBODY}
