from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recoverycollege.people.erasures import ErasuresNotKept
from recoverycollege.people.erasures_applied import apply_erasures


class Command(BaseCommand):
    help = (
        "Erase again whoever is in ERASURES_FILE and came back with a backup, and list whoever is "
        "erased here and is not in it. Run it after a backup is restored, before the portal opens, "
        "and after change_certificate_key. Running it twice changes nothing more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            applied = apply_erasures()
        except ErasuresNotKept:
            raise CommandError("ERASURES_FILE cannot be written to: nobody is erased.") from None
        self.stdout.write(
            f"Erased {applied.students} students and {applied.tutors} tutors again. "
            f"Listed {applied.listed} who were missing from the list."
        )
        if applied.still_needed:
            keys = ", ".join(map(str, applied.still_needed))
            raise CommandError(
                f"Tutors {keys} cannot be erased yet: a course run that is to come counts on them. "
                "Their page in the admin says which. Run this again afterwards."
            )
