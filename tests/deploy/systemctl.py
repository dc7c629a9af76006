#!/usr/bin/env python3
"""Stands in for systemctl where no systemd runs: starts what the portal's units say, as they say.

Of the units it knows ExecStart, Type, User, Group, UMask, EnvironmentFile and WorkingDirectory.
"""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
SECONDS = 60


def settings_of(unit: str) -> dict[str, str]:
    files = [UNITS / f"{unit}.service", *sorted((UNITS / "portal-.service.d").iterdir())]
    lines = [line for file in files for line in file.read_text().splitlines()]
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] not in "#;")


def process_of(unit: str) -> int:
    """The number of the process; 0 where none runs."""
    file = Path(f"/run/{unit}.pid")
    number = int(file.read_text()) if file.exists() else 0
    stat = Path(f"/proc/{number}/stat")
    return number if stat.exists() and ") Z " not in stat.read_text() else 0


def start(unit: str) -> None:
    if process_of(unit):
        return
    known = settings_of(unit)
    lines = Path(known["EnvironmentFile"]).read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and line[0] not in "#;")
    ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ready.settimeout(SECONDS)
    address = f"/run/{unit}.ready"
    Path(address).unlink(missing_ok=True)
    ready.bind(address)
    shutil.chown(address, known["User"])
    with open(f"/run/{unit}.log", "ab") as log:
        process = subprocess.Popen(
            shlex.split(known["ExecStart"]),
            cwd=known["WorkingDirectory"],
            env=given
            | {"PATH": os.environ["PATH"], "HOME": "/var/lib/portal", "NOTIFY_SOCKET": address},
            user=known["User"],
            group=known["Group"],
            extra_groups=[],
            umask=int(known["UMask"], 8),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if known.get("Type") == "oneshot":
        if process.wait():
            sys.exit(Path(f"/run/{unit}.log").read_text())
        return
    Path(f"/run/{unit}.pid").write_text(str(process.pid))
    try:
        while known.get("Type") == "notify" and b"READY=1" not in ready.recv(4096):
            pass
    except TimeoutError:
        sys.exit(f"{unit} does not say that it is ready.\n{Path(f'/run/{unit}.log').read_text()}")


def stop(unit: str) -> None:
    if number := process_of(unit):
        os.kill(number, signal.SIGTERM)
        until = time.monotonic() + SECONDS
        while process_of(unit):
            if time.monotonic() > until:
                sys.exit(f"{unit} does not end.")
            time.sleep(0.1)


def main() -> None:
    verb, *units = (word for word in sys.argv[1:] if not word.startswith("-"))
    for unit in units:
        if unit == "nginx":
            subprocess.run(["nginx", "-s", "reload"], check=True)
        elif unit.startswith("portal-") and not unit.endswith(".timer"):
            if verb in ("stop", "restart"):
                stop(unit)
            if verb in ("start", "restart"):
                start(unit)


if __name__ == "__main__":
    main()
