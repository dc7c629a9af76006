"""Letters that were written into a folder, where EMAIL_URL names one instead of a mail server."""

import re
from collections.abc import Collection
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings

# What Django's backend writes between the letters of a file.
BETWEEN = re.compile(rb"\n-{79}\n")


def blank_out(addresses: Collection[str]) -> None:
    """Overwrite the letters to these addresses with spaces, as long as they were.

    In their place, since a worker may be writing at the end of the very file. An address is the
    same in capitals. Nothing happens where letters go to a mail server.
    """
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder or not addresses:
        return
    sought = {each.casefold() for each in addresses}
    for path in sorted(Path(folder).glob("*.log")):
        content = path.read_bytes()
        starts = [0, *(each.end() for each in BETWEEN.finditer(content))]
        ends = [*(each.start() for each in BETWEEN.finditer(content)), len(content)]
        with path.open("r+b") as file:
            for start, end in zip(starts, ends, strict=True):
                if _is_to(content[start:end], sought):
                    file.seek(start)
                    file.write(b" " * (end - start))


def _is_to(letter: bytes, addresses: Collection[str]) -> bool:
    sent_to = message_from_bytes(letter, policy=default).get_all("To", [])
    return any(
        address.casefold() in addresses for _name, address in getaddresses(map(str, sent_to))
    )
