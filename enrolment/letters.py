"""Writing letters: what is said to a student, in their language, whatever the channel.

A letter's text holds placeholders where personal links go. `with_links` puts signed links in their
place when the letter is sent or printed, so that no stored text and no staff screen shows one.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from courses.models import College
from enrolment.models import Enrolment, Letter, Student

PAGE_LINK = "[[page]]"
WITHDRAW_LINK = "[[withdraw]]"
CALENDAR_LINK = "[[calendar]]"


def write(
    *,
    kind: Letter.Kind,
    student: Student,
    occasion: str,
    enrolment: Enrolment | None = None,
) -> Letter | None:
    """Put one letter in the outbox, inside the caller's transaction.

    `occasion` makes the letter unique: writing for the same occasion twice leaves one letter and
    returns None. Somebody who cannot be reached at all gets none.
    """
    if not student.can_be_reached:
        return None
    with translation.override(student.language):
        context: dict[str, Any] = {
            "student": student,
            "enrolment": enrolment,
            "run": enrolment.run if enrolment else None,
            "college": College.objects.first(),
            "page_link": PAGE_LINK,
            "withdraw_link": WITHDRAW_LINK,
            "calendar_link": CALENDAR_LINK,
        }
        lines = render_to_string(f"emails/{kind}.txt", context).strip().split("\n", 1)
    letter, is_new = Letter.objects.get_or_create(
        dedupe_key=f"{kind}:{occasion}",
        defaults={
            "student": student,
            "enrolment": enrolment,
            "kind": kind,
            "channel": student.channel,
            "language": student.language,
            "subject": lines[0].strip(),
            "text": lines[1].strip() if len(lines) > 1 else "",
        },
    )
    return letter if is_new else None
