"""Whoever had a place is asked what they thought of the run, once, after its last session.

By e-mail or on paper: nobody is rung for it. The address in the letter is everybody's; what is
answered there stands in the app above, and knows nothing of letters.
"""

from collections.abc import Sequence
from datetime import datetime

from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import next_daytime

CHANNELS = (Student.Channel.EMAIL, Student.Channel.PAPER)


def owe_feedback_letters(*, enrolments: Sequence[Enrolment], key: str, now: datetime) -> int:
    """Owe everybody with these enrolments, all of one run, the address with that key; how many.

    Nobody is owed it twice. Needs their students. Two statements, however many they are.
    """
    letters = {
        f"{Letter.Kind.FEEDBACK}:{each.run_id}:{each.student_id}": Letter(
            dedupe_key=f"{Letter.Kind.FEEDBACK}:{each.run_id}:{each.student_id}",
            student=each.student,
            enrolment=each,
            kind=Letter.Kind.FEEDBACK,
            channel=each.student.channel,
            feedback_key=key,
            owed_since=next_daytime(now),
        )
        for each in enrolments
        if each.student.channel in CHANNELS and each.student.erased_at is None
    }
    had = Letter.objects.filter(dedupe_key__in=letters).order_by()
    known = set(had.values_list("dedupe_key", flat=True))
    new = [letter for key, letter in letters.items() if key not in known]
    # Another program may owe the same in this moment.
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
