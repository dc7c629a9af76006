"""The first moments of a process, for real: what it prints, and how it ends."""

import json
import os
import re
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEW_KEY = "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')"
ALL_MISSING = f"""\
SECRET_KEY is missing. Example: SECRET_KEY={NEW_KEY}
CERTIFICATE_KEY is missing. Example: CERTIFICATE_KEY={NEW_KEY}
SITE_URL is missing. Example: SITE_URL=https://kurs.example.org
DATABASE_URL is missing. Example: DATABASE_URL=postgres://portal:p%40ssword@localhost:5432/portal
EMAIL_URL is missing. Example: EMAIL_URL=smtp://portal:p%40ssword@mail.example.org:587
DEFAULT_FROM_EMAIL is missing. Example: DEFAULT_FROM_EMAIL=post@example.org
ERASURES_FILE is missing. Example: ERASURES_FILE=/srv/portal/erasures
"""
OTHER_KEY = (
    "CERTIFICATE_KEY is not the key that proves the certificates in this database. Set the one it "
    "was first started with, or run manage.py change_certificate_key, which says what a new one "
    "means.\n"
)
WSGI = "import recoverycollege.wsgi"
# Styles are collected in production alone.
SHELL = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore:No directory at:UserWarning"}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=SHELL | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> dict[str, str]:
    """The environment of a portal whose database is migrated, and was never started."""
    folder = tmp_path_factory.mktemp("installation")
    environment = {
        "SECRET_KEY": "for tests only, this is no secret to anybody",
        "CERTIFICATE_KEY": "for tests only, the key that proves certificates",
        "SITE_URL": "https://kurs.example.org",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "EMAIL_URL": f"file://{folder}/letters",
        "DEFAULT_FROM_EMAIL": "post@example.org",
        "ERASURES_FILE": f"{folder}/erasures",
    }
    migrated = run("manage.py", "migrate", "--verbosity", "0", **environment)
    assert (migrated.stderr, migrated.returncode) == ("", 0)
    return environment


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["manage.py", "check"], 1),
        (["manage.py", "migrate"], 1),
        (["manage.py", "send_letters", "--once"], 1),
        (["-m", "recoverycollege.environment"], 1),
        (["-c", WSGI], 3),
        (["-m", "gunicorn", "recoverycollege.wsgi"], 1),
    ],
)
def test_every_start_tells_all_faults_and_nothing_else(arguments, code):
    ended = run(*arguments)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", ALL_MISSING, code)


def test_gunicorn_does_not_start_a_worker_that_was_told_to_stop(tmp_path):
    """With a configuration of its own. A worker that ends otherwise is started again for ever."""
    configuration = tmp_path / "other.py"
    configuration.touch()
    elsewhere = ["-m", "gunicorn", "-c", str(configuration), "recoverycollege.wsgi"]
    ended = run(*elsewhere, "--bind", "127.0.0.1:0", "--log-level", "critical")
    assert (ended.stderr, ended.returncode) == (ALL_MISSING, 3)


def test_first_start_writes_the_key_down_and_another_key_stops_web_and_worker(installation):
    other = installation | {"CERTIFICATE_KEY": "another key that proves nothing that was issued"}
    # Two that start together: both go on.
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", WSGI], cwd=ROOT, env=SHELL | installation, stderr=-1
        )
        for _each in range(2)
    ]
    assert [(each.communicate()[1], each.returncode) for each in starts] == [(b"", 0)] * 2

    web = run("-c", WSGI, **other)
    assert (web.stderr, web.returncode) == (OTHER_KEY, 3)
    worker = run("manage.py", "send_letters", "--once", **other)
    assert (worker.stderr, worker.returncode) == (f"CommandError: {OTHER_KEY}", 1)

    looked = run("manage.py", "change_certificate_key", **other)
    assert looked.stdout == (
        "Would prove 0 certificates anew: their paper is good as ever.\n"
        "0 certificates whose names are forgotten can be checked no more, unless the old key comes "
        "back. Keep it.\n"
        "Nothing is changed. Stop the portal, then add --yes to do it.\n"
    )
    assert run("-c", WSGI, **other).returncode == 3
    assert run("manage.py", "change_certificate_key", "--yes", **other).returncode == 0
    assert run("-c", WSGI, **other).returncode == 0
    worker = run("manage.py", "send_letters", "--once", **other)
    assert (worker.stderr, worker.returncode) == ("", 0)
    assert run("-c", WSGI, **installation).returncode == 3


def test_web_server_starts_while_the_database_is_away(installation, tmp_path):
    away = installation | {"DATABASE_URL": f"sqlite:///{tmp_path}/none/portal.sqlite3"}
    ended = run("-c", WSGI, **away)
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_everything_that_a_live_portal_says_is_a_line_of_json(installation, tmp_path):
    """What gunicorn says of itself, and of a request to no host of ours, without styles."""
    environment = SHELL | installation | {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3"}
    serve = ["-m", "gunicorn", "recoverycollege.wsgi", "--bind", "127.0.0.1:0"]
    with subprocess.Popen(
        [sys.executable, *serve], cwd=ROOT, env=environment, stderr=-1, text=True
    ) as web:
        assert web.stderr is not None
        lines = []
        try:
            while not lines or "Listening at" not in lines[-1]["message"]:
                lines.append(json.loads(web.stderr.readline()))
            port = int(re.findall(r":(\d+) ", lines[-1]["message"])[0])
            asked = HTTPConnection("127.0.0.1", port, timeout=60)
            asked.request("GET", "/?tekst=angst", headers={"Host": "example.com"})
            assert asked.getresponse().status >= 400
        finally:
            web.terminate()
        lines += map(json.loads, web.stderr.read().splitlines())
    [failed] = [each for each in lines if each["level"] == "ERROR"]
    assert failed["message"] == "Error handling request GET /?…"
    assert "DisallowedHost" in failed["error"]
    assert all(each.keys() >= {"at", "level", "logger", "message"} for each in lines)
    assert "angst" not in str(lines)
