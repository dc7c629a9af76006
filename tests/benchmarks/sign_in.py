"""What sixty wrong passwords at once do to the catalogue, and to whoever has the right one.

Two workers as script/server starts them, passwords hashed as in production. One visitor reads the
catalogue over and over: at rest, and in the ten seconds after the tries come in, all at once.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests.benchmarks import scratch
from tests.benchmarks.sign_up import Visitor, hidden_fields, workers

TRIES, ROUNDS, AT_REST, SECONDS = 60, 3, 50, 10
URL, CATALOGUE = "/logg-inn/", "/kurs/"
RIGHT = "et langt passord"


def milliseconds(port: int) -> float:
    started = time.perf_counter()
    status, _to, _page = Visitor(port).ask("GET", CATALOGUE)
    assert status == 200, status
    return (time.perf_counter() - started) * 1000


def try_password(port: int, name: str, password: str, barrier: threading.Barrier | None) -> int:
    visitor = Visitor(port)
    _status, _to, page = visitor.ask("GET", URL)
    fields = hidden_fields(page) | {"login": name, "password": password}
    if barrier:
        barrier.wait(timeout=120)
    return visitor.ask("POST", URL, fields)[0]


def attack(port: int, names: list[str]) -> tuple[Counter[int], float, list[float]]:
    """What the tries were answered, after how many seconds, and the catalogue in ten seconds."""
    barrier = threading.Barrier(TRIES + 1)
    meanwhile: list[float] = []
    with ThreadPoolExecutor(TRIES) as clients:
        jobs = [
            clients.submit(try_password, port, names[each % len(names)], f"feil {each}", barrier)
            for each in range(TRIES)
        ]
        barrier.wait(timeout=120)
        started = time.perf_counter()
        answered_after = 0.0
        while not answered_after or time.perf_counter() - started < SECONDS:
            meanwhile.append(milliseconds(port))
            if not answered_after and all(job.done() for job in jobs):
                answered_after = time.perf_counter() - started
        return Counter(job.result() for job in jobs), answered_after, meanwhile


def main() -> None:
    with scratch.database() as database_url:
        from django.db import connections

        from courses.models import RateCount
        from tests.factories import make_user

        scratch.make_runs(30)
        names = [make_user(f"kursholder{each}").username for each in range(TRIES)]
        connections.close_all()
        with workers(database_url) as port:
            for _each in range(AT_REST):
                milliseconds(port)  # both workers are warm afterwards
            for what, tried in (("one name", names[:1]), ("sixty names", names)):
                for _round in range(ROUNDS):
                    RateCount.objects.all().delete()
                    rest = [milliseconds(port) for _each in range(AT_REST)]
                    statuses, seconds, meanwhile = attack(port, tried)
                    right = try_password(port, names[0], RIGHT, None)
                    told = ", ".join(f"{count} × {status}" for status, count in statuses.items())
                    print(f"  {TRIES} wrong passwords at once, {what}: {told} in {seconds:.1f} s")
                    print(f"    then the right one: {right} (302 is in, 429 is asked to wait)")
                    scratch.tell("  catalogue at rest, median", median(rest), "ms")
                    scratch.tell("  meanwhile, median", median(meanwhile), "ms")
                    scratch.tell("  meanwhile, slowest", max(meanwhile), "ms")
                    print(f"    meanwhile against rest: {median(meanwhile) / median(rest):.2f}")


if __name__ == "__main__":
    main()
