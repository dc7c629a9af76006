"""Sixty people sign up for twenty places while a node dies and the database starts anew.

On PostgreSQL two web nodes and two letter workers, with a cluster of their own; on SQLite one of
each, whose node dies. All are real processes, as the guide to installing starts them.
"""

import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection

from tests.enrolment.test_sign_up import hidden_fields
from tests.mail_server import MailServer, listening

pytestmark = pytest.mark.database

PEOPLE, PLACES, AT_ONCE = 60, 20, 6
PATIENCE = 90  # seconds for all of them, and again for their letters


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def until(holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, f"not within {PATIENCE} s: {what}"
        time.sleep(0.05)


class Installation:
    """The processes of one portal; each is ended by its own number, with those it started."""

    def __init__(self, database: str, mail: MailServer, var: Path) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "DEBUG": "1",  # no styles are collected in a checkout
            "SECRET_KEY": secrets.token_urlsafe(50),
            "CERTIFICATE_KEY": secrets.token_urlsafe(50),
            "SITE_URL": "http://localhost",
            "DATABASE_URL": database,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "ERASURES_FILE": str(var / "erasures"),
            "DJANGO_SETTINGS_MODULE": "recoverycollege.settings",
        }
        self.log = (var / "log").open("w+")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def python(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            timeout=PATIENCE,
        ).stdout

    def start(self, name: str, *arguments: str) -> None:
        self.running[name] = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def start_node(self, port: int) -> None:
        serve = ["-m", "gunicorn", "recoverycollege.wsgi", "--workers", "2", "--no-control-socket"]
        self.start(f"node {port}", *serve, "--bind", f"127.0.0.1:{port}")
        until(lambda: answers(port), f"node {port} answers")

    def kill(self, name: str) -> None:
        """At once, whatever it is doing."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.log.close()


def answers(port: int) -> bool:
    try:
        return Browser(port).ask("GET", "/healthz")[0] == 200
    except (OSError, HTTPException):
        return False


class Browser:
    """Somebody's browser, with its cookies, behind a proxy that finds a node which answers."""

    def __init__(self, *ports: int, address: str = "10.0.0.1") -> None:
        self.ports, self.address = ports, address
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Host": "localhost", "X-Forwarded-For": self.address}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={each}" for name, each in self.cookies.items())
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        for port in random.sample(self.ports, len(self.ports)):
            with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as asked:
                try:
                    asked.connect()
                except ConnectionRefusedError:
                    continue  # nothing was sent: the other node may have it
                asked.request(method, path, body, headers)
                with asked.getresponse() as response:
                    for cookie in response.headers.get_all("Set-Cookie") or []:
                        name, _is, value = cookie.partition(";")[0].partition("=")
                        self.cookies[name] = value
                    return response.status, response.read().decode()
        raise ConnectionRefusedError

    def page(self, method: str, path: str, **fields: str) -> str:
        """The page; empty where it leads on. HTTPException for what is neither."""
        status, text = self.ask(method, path, **fields)
        if status not in (200, 302):
            raise HTTPException(status)
        return text if status == 200 else ""


def sign_up(number: int, ports: tuple[int, ...], path: str) -> None:
    """One person who presses the button again for as long as nobody answers."""
    browser = Browser(*ports, address=f"10.0.1.{number}")
    answers_given = {"name": f"Person {chr(65 + number // 26)}{chr(65 + number % 26)} Lie"}
    answers_given["email"] = f"person{number}@example.org"
    while True:
        try:
            browser.page("GET", path)
            page = browser.page("POST", path, step="check", **answers_given)
            fields = hidden_fields(page, "enrol")
            while True:
                # What was sent may have been stored before its answer was lost.
                with suppress(OSError, HTTPException):
                    if browser.page("POST", path, **fields) == "":
                        return
                time.sleep(0.2)
        except (OSError, HTTPException):
            time.sleep(0.2)


@contextmanager
def cluster() -> Iterator[tuple[str, Callable[[], None]]]:
    """An empty PostgreSQL, and how it is restarted as after a crash."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    folder = Path(tempfile.mkdtemp())
    by: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        by = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o711)
    data = folder / "cluster"
    data.mkdir()
    if by:
        shutil.chown(data, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*by, str(programs / program), "-D", str(data / "db"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)

    options = f"-k {data} -c listen_addresses='' -c fsync=off -c max_connections=200"
    run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    run("pg_ctl", "start", "--wait", "--log", str(data / "log"), "-o", options)

    def restart() -> None:
        run("pg_ctl", "restart", "--wait", "--mode", "immediate", "--log", str(data / "log"))

    try:
        yield f"postgres://portal@{str(data).replace('/', '%2F')}/postgres", restart
    finally:
        run("pg_ctl", "stop", "--mode", "immediate")
        shutil.rmtree(folder)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None] | None]]:
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/portal.sqlite3", None
    else:
        with cluster() as (url, restart):
            yield url, restart


def test_nobody_is_lost_or_counted_twice(database, tmp_path) -> None:
    url, restart = database
    how_many = 2 if restart else 1
    with listening(MailServer()) as mail:
        portal = Installation(url, mail, tmp_path)
        try:
            path = json.loads(portal.python("-m", "tests.nodes_scene", "prepare", str(PLACES)))[
                "path"
            ]
            ports = tuple(free_port() for _each in range(how_many))
            for port in ports:
                portal.start_node(port)
            for number in range(how_many):
                portal.start(f"worker {number}", "manage.py", "send_letters")

            waiting, answered = list(range(PEOPLE)), list[int]()

            def people() -> None:
                while waiting:
                    with suppress(IndexError):
                        number = waiting.pop()
                        sign_up(number, ports, path)
                        answered.append(number)

            crowd = [threading.Thread(target=people, daemon=True) for _each in range(AT_ONCE)]
            for each in crowd:
                each.start()
            until(lambda: len(answered) >= PEOPLE // 4, "a quarter is answered")
            portal.kill(f"node {ports[0]}")
            if restart:
                until(lambda: len(answered) >= PEOPLE // 2, "half are answered by one node")
                restart()
            portal.start_node(ports[0])
            until(lambda: len(answered) == PEOPLE, "all are answered")

            def judged() -> dict[str, dict[str, int]]:
                return json.loads(portal.python("-m", "tests.nodes_scene", "judge"))

            until(lambda: len({each["To"] for each in mail.got}) == PEOPLE, "all letters came")
            until(lambda: judged()["unsent"] == 0, "all letters are known to have come")
            told = judged()
        finally:
            portal.end()

    everybody = {f"person{number}@example.org": 1 for number in range(PEOPLE)}
    assert told["status"] == {"place": PLACES, "waiting": PEOPLE - PLACES}
    assert told["people"] == everybody
    assert told["letters"] == everybody
    # The very same letter may come twice where nobody knew whether it had arrived; no other one.
    assert len({each["Message-ID"] for each in mail.got}) == PEOPLE
