"""Whole sign-ups by eight clients at once against real workers, beside a bare form view.

The bare view asks the same questions, locks, checks, inserts and tells what was signed up for. It
is measured twice: with the page to look it over that a whole sign-up has, which is the floor, and
inserting at once.
"""

import http.client
import itertools
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks import scratch

CLIENTS, SECONDS, ROUNDS = 8, 1.5, 11
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: id="[^"]*")? value="([^"]*)"')

people = itertools.count(1)


class Visitor:
    """A browser with cookies and nothing else."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.requests = 0

    def ask(self, method: str, address: str, fields: dict[str, str] | None = None):
        """Status, the address that a redirect points to, and the text."""
        self.requests += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text


def hidden_fields(text: str) -> dict[str, str]:
    """Those of the last form on the page: the check page's first one goes back."""
    form = text[text.rindex("<form") :]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


def answers() -> dict[str, str]:
    number = next(people)
    # In letters: a name with many digits is refused.
    name = "".join("abcdefghij"[int(digit)] for digit in str(number))
    return {"name": f"Person {name}", "email": f"person{number}@example.org"}


def whole_sign_up(visitor: Visitor, address: str) -> None:
    _status, _to, page = visitor.ask("GET", address)
    given = answers()
    _status, _to, page = visitor.ask("POST", address, hidden_fields(page) | given)
    status, to, page = visitor.ask("POST", address, hidden_fields(page))
    assert status == 302, (status, page[:2000])
    status, _to, page = visitor.ask("GET", to)
    assert status == 200, status


def bare_sign_up(visitor: Visitor, address: str) -> None:
    _status, _to, page = visitor.ask("GET", address)
    status, to, page = visitor.ask("POST", address, hidden_fields(page) | answers())
    assert status == 302, (status, page[:2000])
    status, _to, page = visitor.ask("GET", to)
    assert status == 200, status


def per_second(
    sign_up: Callable[[Visitor, str], None],
    addresses: list[str],
    port: int,
    seconds: float = SECONDS,
) -> float:
    """Sign-ups a second by all clients together."""
    done = [0] * CLIENTS
    until = time.monotonic() + seconds
    turns = itertools.cycle(addresses)

    def work(client: int) -> None:
        while time.monotonic() < until:
            sign_up(Visitor(port), next(turns))
            done[client] += 1

    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(work, range(CLIENTS)))  # a client that failed fails the measurement
    return sum(done) / (time.monotonic() - started)


@contextmanager
def workers(database_url: str) -> Iterator[int]:
    """Two gunicorn workers, as script/server starts them; yields the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": database_url}
    command = [
        *(sys.executable, "-m", "gunicorn", "recoverycollege.wsgi", "--workers", "2"),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
    ]
    server = subprocess.Popen(command, env=environment)
    try:
        for _each in range(100):
            try:
                Visitor(port).ask("GET", "/gulv/")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def count_queries(address: str) -> None:
    """Requests and queries of one whole sign-up, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get(address)  # what a process finds out once is not the visitor's
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address).content.decode()
        page = client.post(address, hidden_fields(page) | answers()).content.decode()
        answer = client.post(address, hidden_fields(page))
        client.get(answer["Location"])
    own = [
        query["sql"]
        for query in seen
        if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    print(f"  one sign-up: 4 requests, {len(own)} queries (at most 4 and 14)")


def main() -> None:
    with scratch.database() as database_url:
        from courses.models import CourseRun

        keys = scratch.make_runs(30, capacity=30000, sessions=1)
        slugs = dict(CourseRun.objects.values_list("pk", "course__slug"))
        own = [f"/kurs/{slugs[key]}/{key}/pamelding/" for key in keys]
        floor = [f"/gulv/pamelding/{key}/" for key in keys]
        steps = [f"/gulv/steg/{key}/" for key in keys]
        count_queries(own[0])
        from django.db import connections

        connections.close_all()
        with workers(database_url) as port:
            jobs: dict[str, tuple[Callable[[Visitor, str], None], list[str]]] = {
                "whole sign-up, 30 runs": (whole_sign_up, own),
                "whole sign-up, one hot run": (whole_sign_up, own[:1]),
                "bare form and look over, 30 runs": (whole_sign_up, steps),
                "bare form at once, 30 runs": (bare_sign_up, floor),
            }
            for sign_up, addresses in jobs.values():
                per_second(sign_up, addresses, port, seconds=1)  # both workers are warm afterwards
            paces: dict[str, list[float]] = {name: [] for name in jobs}
            for _round in range(ROUNDS):
                for name, (sign_up, addresses) in jobs.items():
                    paces[name].append(per_second(sign_up, addresses, port))
        print(f"  {CLIENTS} clients, 2 workers, median of {ROUNDS} rounds of {SECONDS} s")
        for name, each in paces.items():
            scratch.tell(name, median(each), "a second")
        spread, hot, bare_steps, at_once = paces.values()
        print(f"  whole against the bare whole: {ratio(spread, bare_steps):.0%} (to reach: 65%)")
        print(f"  whole against a bare form that inserts at once: {ratio(spread, at_once):.0%}")
        print(f"  one hot run against 30: {ratio(hot, spread):.2f} (to reach: 0.80)")


def ratio(paces: list[float], others: list[float]) -> float:
    """The median of each round's own ratio: the machine's mood changes from round to round."""
    return median(pace / other for pace, other in zip(paces, others, strict=True))


if __name__ == "__main__":
    main()
