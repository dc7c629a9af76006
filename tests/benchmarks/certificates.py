"""What certificates cost: time and memory in fresh processes, and what visitors notice meanwhile.

From one to a thousand in one document, each in a process of its own; the smaller ones beside
WeasyPrint alone with the very same HTML and stylesheet. Then the catalogue under load on two
workers, while they do nothing else, while a tutor prints seventy, and while seventy visitors
collect theirs.
"""

import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from tests.benchmarks import scratch
from tests.benchmarks.sign_up import Visitor, hidden_fields, workers

NUMBERS = [1, 70, 250, 500, 1000]
FRESH_PROCESSES = {1: 7, 70: 5, 250: 1, 500: 1, 1000: 1}
BESIDE_ALONE = [1, 70]
CLIENTS, SECONDS = 4, 8
MOMENT = "2026-11-12T18:00:00Z"
PAUSE = 0.03  # seconds between a client's answer and its next request


def megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# In a fresh process


def make_unsaved(number: int) -> list:
    """Certificates with all that a page can hold; no database is asked."""
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from certificates.models import Certificate

    return [
        Certificate(
            number=f"ABCDEF{each:04}",
            name=f"Åse-Marie Nordmann Solbakken {each}",
            language="nb",
            title="Selvtillit og selvfølelse",
            hours=Decimal(4),
            sessions_attended=2,
            first_on=date(2026, 11, 5),
            last_on=date(2026, 11, 12),
            place="Sandnes bibliotek",
            tutors=["Jonas Berg", "Marte Lunde"],
            college_name="Skolen ved fjorden",
            owners=[{"name": name, "logo": ""} for name in ("Sola kommune", "Mental Helse")],
            wording="Takk for at du var med.",
            site_url="https://kurs.example.org",
            issued_at=datetime(2026, 11, 12, 19, tzinfo=UTC),
        )
        for each in range(number)
    ]


def whole_html(certificates: list) -> str:
    """The HTML of all, as one text, in the words that printing would give it."""
    from django.template.loader import render_to_string

    from certificates.pdf.certificate import sheet

    sheets = [sheet(each, {}, True) for each in certificates]
    words = {"sheets": sheets, "language": "nb", "title": "Kursbevis", "moment": MOMENT}
    return render_to_string("certificates/certificates.html", words)


def bare(html: str) -> bytes:
    """WeasyPrint as anybody would call it, with the same stylesheet and files."""
    from weasyprint import HTML

    from certificates.pdf import files, fonts

    stylesheets, font_config = fonts.stylesheets(())
    page = HTML(string=html, base_url=files.HERE.as_uri(), url_fetcher=files.fetcher({}))
    document: bytes = page.write_pdf(
        stylesheets=stylesheets, font_config=font_config, pdf_variant="pdf/ua-1"
    )
    return document


def in_fresh_process(what: str, number: int) -> None:
    """Print once, and tell seconds, MiB and bytes as JSON. Only printing is counted."""
    import django

    django.setup()
    import weasyprint  # noqa: F401

    from certificates import pdf

    certificates = make_unsaved(number)
    html = whole_html(certificates)  # templates, languages and addresses are read by now
    before = megabytes()
    # The processor's time: what else the machine does is not counted.
    started = time.process_time()
    document = pdf.render(certificates) if what == "own" else bare(html)
    seconds = time.process_time() - started
    told = {"seconds": seconds, "more": megabytes() - before, "most": megabytes()}
    print(json.dumps(told | {"bytes": len(document)}))


def measure(what: str, number: int) -> dict[str, float]:
    """The median of several fresh processes."""
    command = [sys.executable, "-m", __spec__.name, what, str(number)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    told = []
    for _each in range(FRESH_PROCESSES[number]):
        answer = subprocess.run(
            command, check=True, env=environment, stdout=subprocess.PIPE, text=True
        )
        told.append(json.loads(answer.stdout))
    return {name: statistics.median(each[name] for each in told) for name in told[0]}


def print_documents() -> None:
    print("\nThe first document of a fresh process, median; imports are not counted")
    own = {}
    for number in NUMBERS:
        own[number] = measure("own", number)
        seconds = own[number]["seconds"]
        print(f"  {number} in one document, {own[number]['bytes'] / 1024:.0f} kB")
        scratch.tell("certificates", seconds * 1000, "ms")
        if number in BESIDE_ALONE:
            floor = measure("bare", number)["seconds"]
            scratch.tell("WeasyPrint alone, same HTML", floor * 1000, "ms")
            print(f"  against WeasyPrint alone: {seconds / floor:.2f}")
        scratch.tell("most memory of the process", own[number]["most"], "MiB")
        scratch.tell("of this for printing", own[number]["more"], "MiB")
    seventy = own[70]["seconds"]
    print(f"  seventy against the first: {seventy / own[1]['seconds']:.1f} times (at most 12)")
    print(f"  seventy take {own[70]['most']:.0f} MiB (at most 150)")
    # The first page of a process pays for fonts and stylesheet: it is counted in neither.
    start = own[1]["seconds"]
    page = (seventy - start) / 69
    for number in NUMBERS[2:]:
        share = (own[number]["seconds"] - start) / (number - 1) / page
        print(f"  a page of {number} against one of seventy: {share:.2f} (linear: 1.00)")


# On two workers


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def watch_catalogue(port: int, until: Callable[[], bool]) -> list[float]:
    """Seconds of each request by clients who come and look at the catalogue."""
    times: list[float] = []

    def look() -> None:
        while not until():
            started = time.perf_counter()
            status, _to, _text = Visitor(port).ask("GET", "/kurs/")
            times.append(time.perf_counter() - started)
            assert status == 200, status
            time.sleep(PAUSE)

    threads = [threading.Thread(target=look) for _each in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def meanwhile(port: int, job: Callable[[], None]) -> list[float]:
    """The catalogue's times while the job is done, once."""
    is_done = threading.Event()

    def work() -> None:
        try:
            job()
        finally:
            is_done.set()

    thread = threading.Thread(target=work)
    thread.start()
    times = watch_catalogue(port, is_done.is_set)
    thread.join()
    return times


def tell_times(what: str, times: list[float]) -> None:
    scratch.tell(f"{what}: median", statistics.median(times) * 1000, "ms")
    scratch.tell(f"{what}: 95th percentile", percentile(times, 0.95) * 1000, "ms")


class Fetcher(Visitor):
    """A visitor who also takes files."""

    def fetch(self, address: str) -> int:
        self.requests += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request("GET", address, headers={"Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status


def collect(port: int, code: str, number: int) -> None:
    """One visitor, from the session code to the PDF."""
    visitor = Fetcher(port)
    _status, _to, page = visitor.ask("GET", f"/bevis/?kode={code}")
    given = {"code": code, "name": f"Gjest nummer {number}"}
    fields = hidden_fields(page) | given
    _status, _to, page = visitor.ask("POST", "/bevis/", fields)
    status, to, page = visitor.ask("POST", "/bevis/", fields | {"step": "claim"})
    assert status == 302, (status, page[:2000])
    status = visitor.fetch(f"{to}kursbevis/")
    assert status == 200, status


def make_lecture() -> tuple[int, str, str]:
    """A lecture that goes on now, with 70 certificates: run, code, and its tutor's session key."""
    from datetime import timedelta

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from certificates import services
    from courses.models import TutorAssignment
    from tests import factories

    run = factories.make_published_run(entry="drop_in")
    starts_at = timezone.now() - timedelta(minutes=30)
    run.sessions.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), headcount=2000)
    session = run.sessions.get()
    code = services.make_code(run=run, session=session, by=None).code
    names = [f"Student nummer {number}" for number in range(70)]
    services.issue_by_name(run=run, sessions=[session], names=names, language="nb", by=None)
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    client = Client()
    client.force_login(tutor.user)
    return run.pk, code, client.cookies[settings.SESSION_COOKIE_NAME].value


def print_load() -> None:
    with scratch.database() as database_url:
        from django.conf import settings
        from django.db import connections

        scratch.make_runs(30)
        run, code, session_key = make_lecture()
        connections.close_all()
        with workers(database_url) as port:

            def print_all() -> None:
                tutor = Fetcher(port)
                tutor.cookies[settings.SESSION_COOKIE_NAME] = session_key
                status = tutor.fetch(f"/kursholder/{run}/kursbevis/alle/")
                assert status == 200, status

            def collect_all() -> None:
                for number in range(70):
                    collect(port, code, number)

            print(
                f"  {CLIENTS} clients at the catalogue, a request every {PAUSE * 1000:.0f} ms each"
            )
            for _each in range(4):
                print_all()  # both workers have read the fonts afterwards
            ends = time.monotonic() + SECONDS
            tell_times("nothing else", watch_catalogue(port, lambda: time.monotonic() > ends))
            rounds = [meanwhile(port, print_all) for _each in range(5)]
            tell_times("70 in one document", [each for times in rounds for each in times])
            tell_times("70 visitors, one by one", meanwhile(port, collect_all))
            print("  to reach: a 95th percentile under 300 ms")


def main() -> None:
    print_documents()
    print_load()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        in_fresh_process(sys.argv[1], int(sys.argv[2]))
    else:
        main()
