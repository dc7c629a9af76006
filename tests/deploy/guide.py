"""What DEPLOY.md tells people to paste."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "script" / "deploy"
GUIDE = ROOT / ".github" / "DEPLOY.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Commands between two fences, and the heading that they stand under."""

    heading: str
    commands: str


def blocks() -> Iterator[Block]:
    for section in GUIDE.read_text().split("\n## ")[1:]:
        heading, _line, text = section.partition("\n")
        for found in BLOCK.finditer(text):
            yield Block(heading, found[1])


def packages(text: str) -> set[str]:
    """What `apt-get install` is told to install."""
    joined = text.replace("\\\n", " ")
    return {
        word
        for line in re.findall(r"apt-get install (.*?)(?:&&|$)", joined, re.MULTILINE)
        for word in line.split()
        if not word.startswith("-")
    }


def variables(environment: str) -> dict[str, str]:
    """The lines of an environment file, also those that are commented out: name and value."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", environment, re.MULTILINE))
