"""CPU time of the coordinator's pages with ten years of rows, beside the admin's emptiest page.

Run it on two versions: the shares tell which is quicker, whatever the machine does meanwhile.
"""

import time
from statistics import median

from tests.benchmarks import scratch, ten_years

ROUNDS, REQUESTS = 5, 3


def main() -> None:
    with scratch.database():
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import reverse

        from tests.factories import make_coordinator

        started = time.monotonic()
        run = ten_years.seed()
        scratch.tell("ten years written", time.monotonic() - started, "s")
        client = Client()
        client.force_login(make_coordinator())
        bare = "/gulv/kurs/?runs=30"
        pages = {"two bare queries, 30 runs": bare, "index": reverse("admin:index")}
        pages |= {
            "call list": reverse("admin:call_list"),
            "runs": reverse("admin:courses_courserun_changelist"),
            "students": reverse("admin:enrolment_student_changelist"),
            "enrolments": reverse("admin:enrolment_enrolment_changelist"),
            "letters": reverse("admin:enrolment_letter_changelist"),
            "a run with 70 people": reverse("admin:run_people", args=[run]),
            "its programme": reverse("admin:run_programme", args=[run]),
            "its details": reverse("admin:courses_courserun_change", args=[run]),
            "a new run": reverse("admin:courses_courserun_add"),
        }
        taken: dict[str, list[float]] = {name: [] for name in pages}
        elapsed: dict[str, list[float]] = {name: [] for name in pages}
        queries = {}
        for name, address in pages.items():
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(address)
                assert answer.status_code == 200, (name, answer.status_code)
            queries[name] = len(seen)
        for _round in range(ROUNDS):
            for name, address in pages.items():
                cpu, clock = time.process_time(), time.monotonic()
                for _each in range(REQUESTS):
                    client.get(address)
                taken[name].append((time.process_time() - cpu) / REQUESTS * 1000)
                elapsed[name].append((time.monotonic() - clock) / REQUESTS * 1000)
        floor = taken["two bare queries, 30 runs"]
        print(f"  CPU time of a request, and all of its time; median of {ROUNDS}")
        for name, times in taken.items():
            share = median(each / least for each, least in zip(times, floor, strict=True))
            print(
                f"  {name:<28}{median(times):8.1f} ms{median(elapsed[name]):8.1f} ms"
                f"{queries[name]:4} queries  {share:6.2f} times the bare view"
            )


if __name__ == "__main__":
    main()
