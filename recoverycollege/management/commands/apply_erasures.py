from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certificates.services import OtherKey, check_key
from recoverycollege.people.erasures import ErasuresNotKept
from recoverycollege.people.erasures_applied import apply_erasures


class Command(BaseCommand):
    help = (
        "Erase again whoever is in ERASURES_FILE and came back with a backup, and list whoever is "
        "erased here and is not in it. ./script/restore runs it. Running it twice changes nothing "
        "more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        is_new = not settings.ERASURES_FILE.exists()
        try:
            # With another key nobody in the list would be known again.
            check_key()
            applied = apply_erasures()
        except OtherKey as other:
            raise CommandError(f"Nobody is erased. {other}") from None
        except ErasuresNotKept:
            raise CommandError("ERASURES_FILE cannot be written to: nobody is erased.") from None
        self.stdout.write(
            f"Erased {applied.students} students and {applied.tutors} tutors again. "
            f"Listed {applied.listed} who were missing from the list."
        )
        if is_new:
            self.stdout.write(
                "There was no ERASURES_FILE. If anybody was erased since the backup, bring it from "
                "where it is, and run this again."
            )
        if applied.still_needed:
            keys = ", ".join(map(str, applied.still_needed))
            raise CommandError(
                f"Tutors {keys} cannot be erased yet: a course run that is to come counts on them. "
                "Their page in the admin says which. Run this again afterwards."
            )
