"""The program that sends letters, started so often that loading it each time would take too long.

    python -m tests.letters_program LETTERS_AT_ONCE

For each line that it reads it forks a process that runs `manage.py send_letters`, writes that one's
number, waits for its end, and writes a line.
"""

import os
import sys

import django
from django.conf import settings


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils import translation

    from recoverycollege.management.commands import send_letters

    settings.LETTERS_AT_ONCE = int(sys.argv[1])
    # What every process would otherwise load anew.
    assert get_resolver().url_patterns
    get_template("emails/letter.html")
    get_template("emails/place.txt")
    with translation.override("nb"):
        assert translation.gettext("place")

    while sys.stdin.readline():
        process = os.fork()
        if process == 0:
            with open(os.devnull, "w", encoding="utf-8") as nowhere:
                call_command(send_letters.Command(), interval=0.05, stdout=nowhere, stderr=nowhere)
            os._exit(0)
        print(process, flush=True)
        os.waitpid(process, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
