"""That a certificate is ready, by e-mail, to whoever is reached that way.

Whoever is rung, or gets letters on paper, is handed the certificate itself: nobody is rung for it.
Certificates stand in the app above, which says when one is issued, and when it stops being valid.
"""

from collections.abc import Mapping
from datetime import datetime

from courses.models import CourseRun
from enrolment.models import Letter, Student


def owe_certificate_letters(
    *, run: CourseRun, students: Mapping[int, Student], now: datetime
) -> int:
    """Owe each of these students, by the key of their certificate, the news of it; how many.

    In the transaction of issuing them. One statement, however many they are.
    """
    by_email = {
        key: student
        for key, student in students.items()
        if student.channel == Student.Channel.EMAIL
    }
    Letter.objects.bulk_create(
        Letter(
            dedupe_key=f"{Letter.Kind.CERTIFICATE}:{key}",
            student=student,
            run=run,
            kind=Letter.Kind.CERTIFICATE,
            channel=Letter.Channel.EMAIL,
            owed_since=now,
        )
        for key, student in by_email.items()
    )
    return len(by_email)


def take_back_certificate_letter(*, student: Student, run: CourseRun, now: datetime) -> None:
    """Let no letter go that tells of the student's certificate of the run. One statement.

    In the transaction in which it stops being valid. What was sent was true.
    """
    Letter.objects.unsent().filter(kind=Letter.Kind.CERTIFICATE, student=student, run=run).update(
        overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT
    )
