"""SECURITY.md names tests that there are, and every chapter of the standard."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTES = (ROOT / ".github" / "SECURITY.md").read_text()
NOT_USED = {"V10", "V17"}


def test_every_chapter_is_answered_by_tests_that_there_are():
    chapters = dict(re.findall(r"^\| (V\d+) (.*)$", NOTES, re.MULTILINE))
    assert list(chapters) == [f"V{number}" for number in range(1, 18)]
    for chapter, row in chapters.items():
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert bool(named) != (chapter in NOT_USED), chapter
        for path in named:
            assert (ROOT / path).is_file(), path
