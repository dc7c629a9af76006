"""The guide and its files against the portal that they are about; a bare root tries them out."""

import re
import secrets
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from courses.pictures import MAX_BYTES
from recoverycollege import environment
from tests.deploy import guide
from tests.recoverycollege.test_start import SHELL

SETTINGS = guide.DEPLOY / "environment"
UNITS = sorted(guide.DEPLOY.glob("portal-*.*"))
SCRIPTS = [guide.DEPLOY / "portal", guide.DEPLOY / "upgrade"]
# What the guide calls that neither Debian's packages nor the portal bring.
OF_DEBIAN = {
    *("apt-get", "cat", "cd", "grep", "install", "ls", "ln", "rm", "runuser", "sed", "systemctl"),
    *("useradd", "ssh-keygen"),
}
BY_PACKAGES = {"git": "git", "nano": "nano", "certbot": "certbot", "nginx": "nginx"}


def filled_in(folder: Path) -> dict[str, str]:
    """The environment file as somebody has it who followed the guide: only what is set."""
    text = SETTINGS.read_text()
    for key in ("SECRET_KEY", "CERTIFICATE_KEY"):
        text = text.replace(f"\n{key}=\n", f"\n{key}={secrets.token_hex(32)}\n")
    text = text.replace("/var/lib/portal", str(folder))
    return dict(line.split("=", 1) for line in text.splitlines() if re.match("[A-Z]", line))


def test_environment_file_says_what_every_variable_means():
    lines = SETTINGS.read_text().splitlines()
    assert set(guide.variables(SETTINGS.read_text())) == set(environment.EXAMPLES)
    for before, line in pairwise(lines):
        if re.match("#?[A-Z_]+=", line):
            assert before.startswith("#"), f"{line}: nothing above it says what it is for."


def test_environment_file_is_taken_and_the_deployment_check_is_content(tmp_path):
    given = filled_in(tmp_path)
    assert environment.read(given, var=tmp_path).database["HOST"] == ""
    (tmp_path / "backups").mkdir()
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3"}

    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=guide.ROOT,
            env=SHELL | given | database,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return f"{done.stdout}{done.returncode}"

    manage("migrate", "--verbosity", "0")
    assert manage("back_up").endswith("0")
    # What is still missing is the college's to write, on the page of the college.
    assert re.findall(r"\((\w+\.\w\d+)\)", manage("check", "--deploy")) == ["courses.W001"]


def test_every_variable_can_be_commented_in(tmp_path):
    optional = {"ALLOWED_HOSTS", "SMS_URL", "SMS_FROM"}
    all_of_them = guide.variables(SETTINGS.read_text())
    read = environment.read(
        filled_in(tmp_path) | {name: all_of_them[name] for name in optional}, var=tmp_path
    )
    assert (read.sms["SMS_FROM"], len(read.allowed_hosts)) == ("Skolen", 2)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_bash(script):
    assert script.stat().st_mode & 0o111 == 0o111
    subprocess.run(["bash", "-n", script], check=True)


def test_units_are_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is missing: nobody says whether the units are right.")
    drop_in = tmp_path / "portal-.service.d"
    drop_in.mkdir()
    # Programs and users are the server's, not this machine's.
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
        (tmp_path / unit.name).write_text(text)
    shutil.copy(guide.DEPLOY / "hardening.conf", drop_in)
    names = [str(tmp_path / unit.name) for unit in UNITS]
    paths = {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        env=SHELL | paths,
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "portal" in line]
    assert (ours, done.returncode) == ([], 0)


def test_units_start_what_there_is_and_may_little():
    assert {unit.name for unit in UNITS} == {
        "portal-web.service",
        "portal-letters.service",
        "portal-nightly.service",
        "portal-nightly.timer",
    }
    started = [
        re.findall(r"^ExecStart=.*manage\.py (\w+)", unit.read_text(), re.M) for unit in UNITS
    ]
    assert sorted(started) == [[], [], ["nightly"], ["send_letters"]]
    for command in ("nightly", "send_letters"):
        assert list(guide.ROOT.glob(f"*/management/commands/{command}.py")), command
    hardening = (guide.DEPLOY / "hardening.conf").read_text()
    written = set(re.findall(r"^ReadWritePaths=(.*)$", hardening, re.MULTILINE))
    kept = guide.variables(SETTINGS.read_text())
    for name in ("ERASURES_FILE", "BACKUP_FOLDER"):
        assert str(Path(kept[name]).parent) in written


def test_nginx_lets_through_what_the_portal_takes():
    proxy = (guide.DEPLOY / "nginx.conf").read_text()
    [limit] = re.findall(r"client_max_body_size (\d+)m;", proxy)
    assert int(limit) * 1024 * 1024 > MAX_BYTES + 100_000
    assert proxy.count("access_log off;") == proxy.count("\nserver {") == 2
    [web] = (unit for unit in UNITS if unit.name == "portal-web.service")
    [address] = re.findall(r"--bind (\S+)", web.read_text())
    assert f"proxy_pass http://{address};" in proxy


def test_guide_names_what_there_is():
    text = guide.GUIDE.read_text()
    for path in re.findall(r"(?:/opt/portal/source/|`)(script/[\w/.-]+)", text):
        assert (guide.ROOT / path).exists(), path
    installed = guide.packages(text)
    setup = (guide.ROOT / "script" / "setup").read_text()
    [needed] = re.findall(r"^runtime=\((.*)\)$", setup, re.MULTILINE)
    assert set(needed.split()) <= installed
    known = {path.stem for path in guide.ROOT.glob("*/management/commands/*.py")}
    known |= {"upgrade", "restore", "backup", "help", "createsuperuser", "check"}
    for block in guide.blocks():
        joined = block.commands.replace("\\\n", "")
        for line in joined.splitlines():
            words = line.split()
            if words[0] == "portal":
                assert words[1] in known, line
            elif "=" not in words[0] and not words[0].startswith("/opt/portal/source/"):
                assert words[0] in OF_DEBIAN or BY_PACKAGES[words[0]] in installed, line
    for name in re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", text):
        assert name in environment.EXAMPLES, name
