"""DEPLOY.md is pasted, block by block, into a bare Debian 12, and the portal there is visited.

The steps of the Containerfile are done in another one. It takes minutes, and is run by itself:
`./script/test -m bare_root`.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy import bare_root, guide
from tests.deploy.bare_root import Terminal

pytestmark = pytest.mark.bare_root

HOST, MAIL = "kurs.example.org", "you@example.org"
CERTIFICATE = f"/etc/letsencrypt/live/{HOST}/fullchain.pem"
# All that is not pasted as it stands, and what is done instead.
INSTEAD = {
    # No certificate authority can ask this machine who it is: it signs its own.
    "certbot": f"mkdir -p {Path(CERTIFICATE).parent}\n"
    f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} "
    f"-addext subjectAltName=DNS:{HOST} -out {CERTIFICATE} "
    f"-keyout {Path(CERTIFICATE).with_name('privkey.pem')}",
    # Nobody types.
    "nano": "sed -i 's#^EMAIL_URL=.*#EMAIL_URL=file:///var/lib/portal/letters#' "
    "/etc/portal/environment",
    "portal createsuperuser": "DJANGO_SUPERUSER_PASSWORD=pizza-under-trappa "
    "portal createsuperuser --noinput --username kari --email kari@example.org",
}
OWN_NAMES = f"HOST={HOST}\nMAIL={MAIL}\nREPOSITORY=/srv/portal.git\nVERSION=v0.1.0"
# This is done on another machine.
NOT_HERE = "Keep copies elsewhere"


def instead(commands: str) -> str:
    lines = commands.splitlines()
    return "\n".join(
        next((other for begin, other in INSTEAD.items() if line.startswith(begin)), line)
        for line in lines
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare Debian with the lock's wheels and this checkout as a repository with two versions."""
    if missing := bare_root.what_is_missing():
        pytest.skip(missing)
    root: Path = tmp_path_factory.mktemp("roots") / "base"
    container = (guide.DEPLOY / "Containerfile").read_text()
    bare_root.make(root, packages=guide.packages(guide.GUIDE.read_text() + container))
    bare_root.fetch_wheels(guide.ROOT / "requirements.txt", root / "wheels")
    (root / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    make_repository(root / "srv/portal.git")
    return root


def git(*arguments: str, folder: Path) -> str:
    own = ("-c", "user.name=test", "-c", f"user.email={MAIL}")
    return subprocess.run(
        ("git", *own, *arguments), cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def make_repository(folder: Path) -> None:
    """The checkout as it is, committed or not, tagged twice."""
    listed = git("ls-files", "-z", "-co", "--exclude-standard", folder=guide.ROOT)
    for name in listed.split("\0"):
        if name and (guide.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(guide.ROOT / name, folder / name)
    git("init", "--quiet", folder=folder)
    for tag in ("v0.1.0", "v0.2.0"):
        with (folder / "CHANGELOG.md").open("a") as log:
            log.write(f"\n## {tag}\n")
        git("add", "--all", folder=folder)
        git("commit", "--quiet", "--message", tag, folder=folder)
        git("tag", tag, folder=folder)


def copy(base: Path, name: str) -> Path:
    """Another root like it."""
    root = base.with_name(name)
    subprocess.run(("cp", "-a", base, root), check=True)
    return root


def visit(terminal: Terminal, what: str, *more: str) -> object:
    words = " ".join(f"'{word}'" for word in (HOST, CERTIFICATE, what, *more))
    return json.loads(terminal.paste(f"python3 /srv/visitor.py {words}").splitlines()[-1])


def test_guide_leads_from_a_bare_debian_to_a_portal(base):
    root = copy(base, "guided")
    shutil.copy(guide.ROOT / "tests/deploy/visitor.py", root / "srv")
    shutil.copy(guide.ROOT / "tests/deploy/systemctl.py", root / "usr/local/bin/systemctl")
    (root / "usr/local/bin/systemctl").chmod(0o755)
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost {HOST} other.example.org\n")
    sections: dict[str, list[str]] = {}
    for block in guide.blocks():
        sections.setdefault(block.heading, []).append(block.commands)
    del sections[NOT_HERE]
    sections["Your own names"] = [OWN_NAMES]

    with bare_root.running(root) as terminal:

        def follow(*headings: str) -> str:
            said = [
                terminal.paste(instead(block))
                for heading in headings
                for block in sections.pop(heading)
            ]
            return "\n".join(said)

        follow("Your own names", "Packages")
        # What Debian starts by itself.
        terminal.paste("service postgresql start\nservice nginx start")
        follow("User, folders and database", "Settings")
        follow("The portal", "HTTPS", "The first sign-in")
        assert visit(terminal, "pages") == {
            "healthz": 200,
            "front page": 200,
            "admin": 302,
            "style": 200,
            "HSTS": True,
            "cookies": False,
            "server": "nginx",
            "plain": [301, f"https://{HOST}/kurs/"],
            "other host": 400,
            "too large": 413,
        }
        assert visit(terminal, "slow") == {"status": 200, "quick": True}

        terminal.paste("portal load_demo")
        said = visit(terminal, "sign_up", "Ada Prøve", "ada@example.org")
        assert said in ("Du har plass", "Vi har skrevet deg opp")
        letter = terminal.paste(
            "for each in {1..60}; do\n"
            "    found=$(grep -rl ada@example.org /var/lib/portal/letters || true)\n"
            '    [ -z "$found" ] || break\n'
            "    sleep 0.5\n"
            "done\n"
            "cat $found"
        )
        link = re.search(rf"https://{HOST}/min-side/apne/\S+", letter.replace("=\n", ""))
        assert link, letter
        assert visit(terminal, "open_link", link[0]) == 200

        said = follow("See that all is well")
        assert "System check identified no issues" in said
        assert len(re.findall(r"portal-.*\.dump", said)) == 1
        assert terminal.paste("cat /run/portal-nightly.log").endswith("back_up: done.")

        terminal.paste("VERSION=v0.2.0")
        assert "v0.2.0 is in use." in follow("A newer version")
        assert terminal.paste("tail -n 1 /opt/portal/current/CHANGELOG.md") == "## v0.2.0"
        assert visit(terminal, "open_link", link[0]) == 200
        assert "sign-ins that were taken away." in follow("Back to the version before")
        assert terminal.paste("tail -n 1 /opt/portal/current/CHANGELOG.md") == "## v0.1.0"

        assert "Proved" in follow("New keys")
        assert visit(terminal, "open_link", link[0]) == 200
        assert not sections, "Sections of the guide that nobody has followed."

        terminal.paste(
            "systemctl stop portal-web\n"
            "python3 -c '\n"
            "import http.server, json\n"
            "class Shows(http.server.BaseHTTPRequestHandler):\n"
            "    def do_GET(self):\n"
            "        self.send_response(200)\n"
            "        self.end_headers()\n"
            "        self.wfile.write(json.dumps(dict(self.headers)).encode())\n"
            'http.server.HTTPServer(("127.0.0.1", 8000), Shows).serve_forever()\n'
            "' >/run/shows.log 2>&1 &\n"
            "sleep 1"
        )
        seen = visit(terminal, "headers")
        assert {
            name: value for name, value in seen.items() if name.startswith("X-") or "made" in value
        } == {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        assert seen["Host"] == HOST

        # What was not logged is in no log.
        assert "min-side" not in terminal.paste("cat /var/log/nginx/*.log /run/portal-*.log")


STEP = re.compile(r"^([A-Z]+) (.*?)(?<!\\)\n", re.MULTILINE | re.DOTALL)
SETTINGS = f"""
export SECRET_KEY=$(openssl rand -hex 32) CERTIFICATE_KEY=$(openssl rand -hex 32)
export SITE_URL=https://{HOST} DATABASE_URL=sqlite:////var/lib/portal/db.sqlite3
export EMAIL_URL=file:///var/lib/portal/letters DEFAULT_FROM_EMAIL=post@example.org
export ERASURES_FILE=/var/lib/portal/erasures BACKUP_FOLDER=/var/lib/portal TRUSTED_PROXY_COUNT=1
"""
ASKED = """
import time, urllib.request
for each in range(60):
    try:
        headers = {"Host": "%s", "X-Forwarded-Proto": "https"}
        for page in ("healthz", ""):
            asked = urllib.request.Request("http://127.0.0.1:8000/" + page, headers=headers)
            print(urllib.request.urlopen(asked).status)
        break
    except OSError:
        time.sleep(0.5)
"""


def test_steps_of_the_containerfile_make_a_portal(base):
    root = copy(base, "container")
    workdir, user = "/", "root"
    with bare_root.running(root) as terminal:
        for name, text in STEP.findall((guide.DEPLOY / "Containerfile").read_text()):
            match name:
                case "FROM":
                    assert text == "docker.io/library/debian:12-slim"
                case "WORKDIR":
                    workdir = text
                    terminal.paste(f"mkdir -p {workdir}")
                case "COPY":
                    *sources, target = text.split()
                    into = root / workdir[1:] / target
                    for source in sources:
                        given = root / "srv/portal.git" / source
                        if given.is_dir():
                            shutil.copytree(given, into)
                        else:
                            shutil.copy2(given, into)
                case "RUN":
                    # The lists are the machine's, and it reaches no others.
                    text = text.replace("apt-get update && ", "")
                    terminal.paste(f"cd {workdir} && {text}")
                case "USER":
                    user = text
                case "EXPOSE":
                    assert text == "8000"
                case "CMD":
                    command = " ".join(f"'{word}'" for word in json.loads(text))
                case _:
                    raise AssertionError(f"{name} is not tried here.")
        as_user = f"runuser -u {user} -- .venv/bin/python manage.py"
        terminal.paste(
            f"{SETTINGS}\nexport HOME=/var/lib/portal\n{as_user} migrate -v 0\n{as_user} nightly"
        )
        terminal.paste(f"runuser -u {user} -- {command} >/run/web.log 2>&1 &")
        (root / "srv/asked.py").write_text(ASKED % HOST)
        assert terminal.paste("python3 /srv/asked.py").split() == ["200", "200"]
