"""CPU time of the public pages, each beside a bare two-query view of as many runs and bytes.

Catalogue with thirty runs, front page with six, a course held three times.
"""

import time
from statistics import median

from tests.benchmarks import scratch

ROUNDS, REQUESTS = 15, 20
RUNS = 30


def cpu_milliseconds(client, address: str, tag: str = "") -> float:
    """Of one request, on the average; with a tag, by a browser that has the page already."""
    headers = {"If-None-Match": tag} if tag else {}
    started = time.process_time()
    for _each in range(REQUESTS):
        answer = client.get(address, headers=headers)
        assert answer.status_code == (304 if tag else 200), answer.status_code
    return (time.process_time() - started) / REQUESTS * 1000


def count_queries(client, pages: list[str]) -> None:
    """Queries of each page, with the caches cold: everything is read in every answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from courses.models import CourseRun

    for address in pages:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        print(
            f"  {CourseRun.objects.count():3} runs, {address:<12}{len(seen):3} queries (at most 4)"
        )


def pace(client, name: str, own: str, floor: str) -> None:
    """Print how many times as fast the page is as its bare view."""
    missing = len(client.get(own).content) - len(client.get(f"{floor}&bytes=0").content)
    addresses = [own, f"{floor}&bytes={max(missing, 0)}"]
    for address in addresses:
        cpu_milliseconds(client, address)  # templates and caches are warm afterwards
    tag = client.get(own).headers["ETag"]
    known: list[float] = []
    taken: dict[str, list[float]] = {address: [] for address in addresses}
    # By turns, so that the machine's mood falls on both alike.
    for _round in range(ROUNDS):
        for address in addresses:
            taken[address].append(cpu_milliseconds(client, address))
        known.append(cpu_milliseconds(client, own, tag))
    ours, bare = taken.values()
    ratio = median(theirs / each for each, theirs in zip(ours, bare, strict=True))
    scratch.tell(name, median(ours), "ms")
    scratch.tell("  to a browser that has it", median(known), "ms")
    scratch.tell("  two queries, as many bytes", median(bare), "ms")
    print(f"  pace against two queries: {ratio:.2f} (to reach: 1.70)")


def main() -> None:
    with scratch.database():
        from django.test import Client

        from tests.factories import make_course, make_published_run

        scratch.make_runs(RUNS - 3)
        course = make_course(slug="kurs")
        for _each in range(3):
            make_published_run(course=course, sessions=2)
        client = Client()
        print(f"  CPU time of a request, median of {ROUNDS}")
        pace(client, f"catalogue, {RUNS} runs", "/kurs/", "/gulv/kurs/?runs=30")
        pace(client, "front page", "/", "/gulv/kurs/?runs=6")
        pace(client, "course page, 3 runs", "/kurs/kurs/", "/gulv/kurs/?kurs=kurs")
        for more in (0, 70, 200):
            scratch.make_runs(more)
            count_queries(client, ["/", "/kurs/", "/kurs/kurs/"])


if __name__ == "__main__":
    main()
