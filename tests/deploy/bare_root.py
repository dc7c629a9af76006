"""A bare Debian 12 in a folder, with processes and a network of its own that reaches nobody.

What is installed in it is fetched beforehand, from wherever this machine's apt and pip fetch. All
that runs in it ends with it.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

RELEASE = "bookworm"
NEEDED = ("debootstrap", "unshare", "nsenter", "chroot", "git")
SECONDS = 1800
LOOPBACK = (
    "import fcntl, socket, struct; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 1))"  # SIOCSIFFLAGS: up
)
MOUNTED = """
mount --make-rprivate /
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
"""
HELD = """
mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
"$2" -c "$3"
echo ready
while :; do sleep 1; done
"""


def what_is_missing() -> str:
    """Why no bare root can be made here, as a sentence; empty where one can."""
    if os.geteuid() != 0:
        return "The guide is tried in a bare root, which only root can make."
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"The guide is tried in a bare root, for which {', '.join(missing)} is missing."
    if not _sources():
        return f"The guide is tried in a bare Debian {RELEASE}, which this machine's apt lacks."
    return ""


def _sources() -> list[tuple[str, str, str]]:
    """Where this machine's apt finds Debian 12: address, suite, component."""
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    listed = _run("apt-get", "indextargets", "--format", form, "Created-By: Packages")
    found = {tuple(line.split()) for line in listed.splitlines()}
    return sorted(
        (address, suite, component)
        for address, suite, component in found
        if suite.startswith(RELEASE) and component == "main"
    )


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-3000:]}"
    return done.stdout


def make(folder: Path, *, packages: set[str]) -> None:
    """A bare Debian, to be copied. What `apt-get install` is going to want lies in its cache."""
    sources = _sources()
    mirror = next(address for address, suite, _component in sources if suite == RELEASE)
    _run("debootstrap", "--variant=minbase", RELEASE, folder, mirror)
    lines = [f"deb {' '.join(each)}\n" for each in sources]
    (folder / "etc/apt/sources.list").write_text("".join(lines))
    own = [line for line in _run("apt-config", "dump").splitlines() if line.startswith("Acquire::")]
    (folder / "etc/apt/apt.conf.d/50machine").write_text("\n".join(own) + "\n")
    # A machine that is thrown away needs no disk that is waited for.
    (folder / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")
    for name in ("resolv.conf", "hosts"):
        shutil.copyfile(f"/etc/{name}", folder / "etc" / name)
    fetch = (
        'mkdir -p "$1/etc/ssl/certs" && mount --bind /etc/ssl/certs "$1/etc/ssl/certs"\n'
        'chroot "$1" apt-get -q update\n'
        'chroot "$1" apt-get -q -y --download-only --no-install-recommends install "${@:2}"\n'
    )
    script = ("bash", "-euc", f"set -o pipefail\n{MOUNTED}{fetch}", "fetch", folder)
    _run("unshare", "--mount", *script, *sorted(packages))


def fetch_wheels(lock: Path, folder: Path) -> None:
    """What pip is going to install from the lock, its hashes checked."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes")
    _run(*pip, "--only-binary=:all:", "--python-version=3.11", f"--dest={folder}", "-r", lock)


class Terminal:
    """A shell in the root, as root: what one block sets is there in the next."""

    def __init__(self, into: tuple[str, ...], log: Path) -> None:
        self._log = log.open("a")
        self._shell = subprocess.Popen(
            (*into, "bash", "-eu", "-o", "pipefail"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": "/root",
                "DEBIAN_FRONTEND": "noninteractive",
                "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            },
        )

    def close(self) -> None:
        self._shell.kill()
        self._shell.communicate()
        self._log.close()

    def paste(self, commands: str) -> str:
        """What is printed. Fails, with that, where a command does."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        end = "-- the block has ended --"
        self._shell.stdin.write(f"{{\n{commands}\n}} </dev/null\necho; echo '{end}'\n")
        self._shell.stdin.flush()
        self._log.write(f"\n{time.strftime('%H:%M:%S')} $ {commands}\n")
        said = []
        for line in self._shell.stdout:
            if line.strip() == end:
                return "".join(said).rstrip()
            said.append(line)
            self._log.write(line)
            self._log.flush()
        raise AssertionError(f"This failed:\n{commands}\n{''.join(said)[-3000:]}")


@contextmanager
def running(root: Path) -> Iterator[Terminal]:
    """Processes, mounts and network of its own; all are gone afterwards. At most SECONDS long."""
    parts = ("--mount", "--net", "--pid", "--uts")
    holder = subprocess.Popen(
        [
            *("timeout", str(SECONDS), "unshare", "--fork", "--kill-child", *parts),
            *("bash", "-euc", MOUNTED + HELD, "held", str(root), sys.executable, LOOPBACK),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder, ExitStack() as ends:
        ends.callback(holder.terminate)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        # timeout, unshare, and the first process inside.
        unshare = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().strip()
        inside = Path(f"/proc/{unshare}/task/{unshare}/children").read_text().strip()
        into = ("nsenter", f"--target={inside}", *parts, "--", "chroot", str(root))
        terminal = Terminal(into, root.with_suffix(".log"))
        ends.callback(terminal.close)
        yield terminal
