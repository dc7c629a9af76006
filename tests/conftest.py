"""What every test has: no network but loopback, a database file of its own, cheap passwords."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
import time_machine

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use the database. To the others pytest-django refuses it."""
    is_asked_for = "bare_root" in config.getoption("markexpr")
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or not DATABASE_FIXTURES.isdisjoint(fixtures):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("bare_root") and not is_asked_for:
            item.add_marker(pytest.mark.skip(reason="Minutes long: ./script/test -m bare_root."))


def pytest_runtest_setup() -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite in a file, as in use: threads then lock each other out as two visitors do."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        folder: Path = tmp_path_factory.mktemp("database")
        database["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def _fast_and_quiet(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Looks for a static file when it is asked for, as while developing. Else every test client
    # reads all of them first: a fifth of the time of the whole suite.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _within_one_hour() -> Iterator[None]:
    """Much is counted by the hour of the clock: no test runs from one hour into the next."""
    now = time.time()
    next_hour = now - now % 3600 + 3600
    if next_hour - now > 180:
        yield
        return
    with time_machine.travel(next_hour):
        yield


@pytest.fixture(autouse=True)
def _in_bokmal() -> Iterator[None]:
    """A request leaves its language behind in the thread; no test may inherit it."""
    from django.utils import translation

    with translation.override("nb"):
        yield


@pytest.fixture
def held_on_fixed_days(settings) -> None:
    """The runs of a test were held on days that it names, longer and longer ago: their tutors see
    names all the same. `tests/certificates/test_tutors_access_ends.py` is about when they do not.
    """
    settings.TUTOR_CONTACT_DAYS = settings.TUTOR_NAMES_DAYS = 36500
