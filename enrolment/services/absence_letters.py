"""A friendly letter to whoever was absent from a session; once, where the run says so.

By e-mail alone: to be rung by the office because one was absent would be a control. Their tutors
may ring, as somebody who knows them. Registers stand in the app above, which says who was absent,
and who was there after all.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from courses.models import CourseSession
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import next_daytime


def owe_absence_letters(*, absent: Sequence[tuple[Enrolment, CourseSession]], now: datetime) -> int:
    """Owe each of these people the letter, unless they have had one about the run; how many.

    The first session that is named of somebody counts. Two statements, however many they are.
    """
    letters: dict[str, Letter] = {}
    for enrolment, session in absent:
        student = enrolment.student
        if student.channel != Student.Channel.EMAIL:
            continue
        key = f"{Letter.Kind.MISSED}:{enrolment.run_id}:{student.pk}"
        letters.setdefault(
            key,
            Letter(
                dedupe_key=key,
                student=student,
                enrolment=enrolment,
                session=session,
                kind=Letter.Kind.MISSED,
                channel=Letter.Channel.EMAIL,
                owed_since=next_daytime(now),
            ),
        )
    runs = {each.run_id for each, _session in absent}
    had = Letter.objects.filter(kind=Letter.Kind.MISSED, enrolment__run__in=runs).order_by()
    known = set(had.values_list("dedupe_key", flat=True))
    new = [letter for key, letter in letters.items() if key not in known]
    # Another program may owe the same in this moment.
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def take_back_absence_letters(
    *, session: CourseSession, students: Collection[int], now: datetime
) -> None:
    """Let no letter go to these people, by key, about a session from which they were not absent.

    In the transaction that says so. One statement.
    """
    Letter.objects.unsent().filter(
        kind=Letter.Kind.MISSED, session=session, student__in=students
    ).update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT)
