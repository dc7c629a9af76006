"""Encrypting with age: by a public key that lies here, read again by one that lies elsewhere."""

import subprocess
from pathlib import Path

from recoverycollege.backups.errors import BackupError


def encrypt(source: Path, target: Path, *, recipient: str) -> None:
    """Raises BackupError."""
    _run("--encrypt", "--recipient", recipient, "--output", str(target), str(source))


def decrypt(source: Path, target: Path, *, identity: Path) -> None:
    """`identity` is the file of the private key. Raises BackupError."""
    _run("--decrypt", "--identity", str(identity), "--output", str(target), str(source))


def _run(*arguments: str) -> None:
    try:
        subprocess.run(  # noqa: S603 - the options of this module
            ["age", *arguments],  # noqa: S607 - wherever it is installed
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise BackupError("age is missing, which encrypts backups: apt-get install age.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["it does not say why"]
        raise BackupError(f"age failed: {said[0].removeprefix('age: error: ')}") from None
