"""UTF-8 that a program has read as something else, and shown as «PrÃ¸ve»."""

import contextlib
import re

import ftfy

WORD = re.compile(r"[^ \t\r\n]+")
# UTF-8 that was read as Windows-1252, where `ftfy` finds too little around it to be sure: «KÃ¥re».
READ_WRONG = re.compile("Ã|á[º»]|Ä‘")


def repair(text: str) -> str:
    """Undo the reading of UTF-8 as something else, word by word: «PrÃ¸ve» is «Prøve»."""
    return WORD.sub(lambda match: _repaired(match.group()), text)


def _repaired(word: str) -> str:
    for _twice_read_wrong in range(3):
        before = word
        if word.isascii():
            return word
        word = ftfy.fix_encoding(word)
        encoding = ""
        if READ_WRONG.search(word):
            encoding = "sloppy-windows-1252"
        elif "√" in word:
            encoding = "mac-roman"
        if encoding:
            with contextlib.suppress(UnicodeError):
                word = word.encode(encoding).decode("utf-8")
        if word == before:
            break
    return word
