"""A friendly letter to whoever was absent from a session; once, where the run says so.

By e-mail alone: to be rung by the office because one was absent would be a control. Their tutors
may ring, as somebody who knows them. Registers stand in the app above, which says who was absent,
and who was there after all.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from courses.models import CourseSession
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import next_daytime

# Two keys: of a run and a student, or of an enrolment and a session.
About = tuple[int | None, int | None]
# What has been overtaken by nothing, or by the end of its run, is not owed anew.
NOT_AGAIN = ("", Letter.OvertakenBy.OVER)


def owe_absence_letters(*, absent: Sequence[tuple[Enrolment, CourseSession]], now: datetime) -> int:
    """Owe each of these people the letter, unless they have had one about the run; how many.

    One that was overtaken before it went does not count. The first session that is named of
    somebody does. Two statements, however many they are.
    """
    runs = {each.run_id for each, _session in absent}
    have_had, earlier = _earlier_letters(runs)
    letters: dict[About, Letter] = {}
    for enrolment, session in absent:
        student = enrolment.student
        about = (enrolment.run_id, student.pk)
        if student.channel != Student.Channel.EMAIL or about in have_had:
            continue
        number = earlier[enrolment.pk, session.pk]
        letters.setdefault(
            about,
            Letter(
                dedupe_key=f"{Letter.Kind.MISSED}:{enrolment.pk}:{session.pk}:{number}",
                student=student,
                enrolment=enrolment,
                session=session,
                kind=Letter.Kind.MISSED,
                channel=Letter.Channel.EMAIL,
                owed_since=next_daytime(now),
            ),
        )
    # Another program may owe the same in this moment.
    Letter.objects.bulk_create(letters.values(), ignore_conflicts=True)
    return len(letters)


def _earlier_letters(runs: Collection[int]) -> tuple[set[About], Counter[About]]:
    """Who needs no letter about a run any more, by run and student; and how many there have been,
    by enrolment and session. One that was overtaken keeps no other from going. One query.
    """
    have_had: set[About] = set()
    earlier: Counter[About] = Counter()
    letters = Letter.objects.filter(kind=Letter.Kind.MISSED, enrolment__run__in=runs).order_by()
    for each in letters.select_related("enrolment").defer("text"):
        earlier[each.enrolment_id, each.session_id] += 1
        has_gone = each.sent_at is not None or each.may_have_arrived
        if each.enrolment and (has_gone or each.overtaken_by in NOT_AGAIN):
            have_had.add((each.enrolment.run_id, each.student_id))
    return have_had, earlier


def take_back_absence_letters(
    *, session: CourseSession, students: Collection[int], now: datetime
) -> None:
    """Let no letter go to these people, by key, about a session from which they were not absent.

    In the transaction that says so. One statement.
    """
    Letter.objects.unsent().filter(
        kind=Letter.Kind.MISSED, session=session, student__in=students
    ).update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT)
