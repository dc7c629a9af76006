"""How long a year's figures, its annual report and the freezing of ten years take.

At ten years of rows. Printed as seconds, as shares of the report's ten seconds, and as times of
reading who was where without counting anything.
"""

import time
from datetime import timedelta
from statistics import median

from tests.benchmarks import scratch, ten_years

ROUNDS = 5
REPORT_SECONDS = 10


def main() -> None:
    with scratch.database():
        from django.contrib.auth.models import Permission
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import reverse
        from django.utils import timezone

        from certificates.models import Attendance
        from courses.models import FrozenYear
        from recoverycollege.figures.facts import years_begun
        from recoverycollege.figures.freezing import freeze_finished_years
        from tests.factories import make_coordinator, make_user

        ten_years.seed()
        now = timezone.now()
        year = years_begun(now)[1]  # a whole one
        coordinator, owner = Client(), Client()
        coordinator.force_login(make_coordinator())
        user = make_user()
        user.user_permissions.add(Permission.objects.get(codename="view_frozenyear"))
        owner.force_login(user)

        def marks() -> None:
            for _row in Attendance.objects.order_by().values_list("student", "session"):
                pass

        def page(client: Client, name: str, *args: object) -> object:
            def get() -> None:
                answer = client.get(reverse(name, args=args), {"ar": year} if not args else {})
                assert answer.status_code == 200, (name, answer.status_code)

            return get

        work = {
            "all marks of ten years, read": marks,
            "figures, coordinator": page(coordinator, "figures"),
            "figures, owner": page(owner, "figures"),
            "annual report": page(owner, "annual_report", year),
            "annual report, PDF": page(owner, "annual_report_pdf", year),
        }

        def measure(title: str) -> None:
            print(f"  {title}")
            floor = None
            for name, do in work.items():
                with CaptureQueriesContext(connection) as seen:
                    do()
                queries = len(seen)  # before another request begins a new log
                taken = []
                for _round in range(ROUNDS):
                    started = time.monotonic()
                    do()
                    taken.append(time.monotonic() - started)
                seconds = median(taken)
                floor = floor or seconds
                print(
                    f"  {name:<32}{seconds:7.2f} s{queries:4} queries"
                    f"{seconds / floor:8.1f} times the marks"
                    f"{seconds / REPORT_SECONDS:8.0%} of ten seconds"
                )

        measure("nothing is frozen")
        started = time.monotonic()
        years = freeze_finished_years(now + timedelta(days=366))
        scratch.tell(f"{years} years frozen", time.monotonic() - started, "s")
        assert FrozenYear.objects.count() == years
        measure("every year is frozen")


if __name__ == "__main__":
    main()
