"""A database for one measurement, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit


@contextmanager
def database() -> Iterator[str]:
    """Yields the address of a migrated, empty database. Import models after this has begun."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    django.setup()
    from django.db import connection, connections

    before = connection.settings_dict["NAME"]
    given = os.environ.get("DATABASE_URL", "")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    print(f"\n{connection.vendor}")
    try:
        if connection.vendor == "sqlite":
            yield f"sqlite:///{name}"
        else:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{quote(name)}"))
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(before, verbosity=0)


def make_runs(number: int, *, capacity: int = 12, sessions: int = 2) -> list[int]:
    """Published runs; their keys."""
    from tests.factories import make_published_run

    return [make_published_run(capacity=capacity, sessions=sessions).pk for _each in range(number)]


def tell(what: str, value: float, unit: str, *, floor: float | None = None) -> None:
    """One line; with a floor, how much of it is reached."""
    share = f"  {value / floor:6.0%} of the floor" if floor else ""
    print(f"  {what:<46}{value:9.1f} {unit}{share}")
