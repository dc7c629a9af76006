"""What has happened already: sign-ups, withdrawals, letters and who was there, with their dates.

The verbs themselves write it, each at the moment when it happened.
"""

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from certificates import services as certificate_services
from certificates.services import Cell, Mark
from courses.models import CourseRun, NoticeVersion
from enrolment import services
from enrolment.models import Enrolment, Letter, Student


def sign_up(
    run: CourseRun, student: Student, *, notice: NoticeVersion, now: datetime, **wishes: Any
) -> Enrolment:
    """Sign a student of the demo college up by the verb, at that moment."""
    person = services.Person(
        name=student.name,
        email=student.email,
        phone=student.phone,
        language=student.language,
        channel=student.channel,
        postal_address=student.postal_address,
    )
    return services.enrol(
        run=run,
        submission=uuid.uuid4(),
        person=person,
        when_one_left=services.WhenOneLeft.WAIT,
        notice=notice,
        now=now,
        **wishes,
    ).enrolment


def write_history(
    run: CourseRun,
    students: Iterable[Student],
    *,
    notice: NoticeVersion,
    raised_to: int | None,
    by: Any | None,
    chance: random.Random,
) -> None:
    """Everybody signs up in the weeks before the run; one in nine cannot come after all.

    Where the capacity is raised, it is a week before the run.
    """
    starts_at = run.starts_at
    if starts_at is None:
        return
    crowd = list(students)
    first = max(starts_at - timedelta(days=30), run.opens_at)
    last = starts_at - timedelta(days=8)
    for number, student in enumerate(crowd):
        at = first + (last - first) * number / max(len(crowd), 1)
        sign_up(run, student, notice=notice, now=at, places=2 if number % 11 == 4 else 1)
    if raised_to:
        at = starts_at - timedelta(days=7)
        services.set_capacity(run=run, capacity=raised_to, by=by, now=at)
    placed = Enrolment.objects.with_place().filter(run=run).order_by("pk")
    for number, enrolment in enumerate(placed):
        if number % 9 == 6:
            at = starts_at - timedelta(days=4 - number % 4, hours=2)
            services.withdraw(enrolment=enrolment, now=at)
    _send_all(run)
    in_the_room = placed.select_related("student")
    _take_register(run, [each.student for each in in_the_room], by=by, chance=chance)


def _send_all(run: CourseRun) -> None:
    """The letters went out when they were owed: by e-mail at once, by telephone the day after.

    What they said is not kept any more.
    """
    sent = list(Letter.objects.filter(enrolment__run=run))
    for letter in sent:
        mark_as_sent(letter)
        letter.overtaken_at, letter.overtaken_by = (
            None,
            "",
        )  # each went out before the next was written
    Letter.objects.bulk_update(
        sent, ["sent_at", "attempts", "outcome", "overtaken_at", "overtaken_by"]
    )


def mark_as_sent(letter: Letter) -> None:
    """As the letters worker or somebody with a telephone would have left it. Does not save."""
    if letter.channel == Student.Channel.EMAIL:
        letter.sent_at, letter.attempts = letter.owed_since + timedelta(minutes=1), 1
        return
    letter.sent_at = letter.owed_since + timedelta(days=1)
    is_phone = letter.channel == Student.Channel.PHONE
    letter.outcome = Letter.Outcome.REACHED if is_phone else Letter.Outcome.POSTED


def _take_register(
    run: CourseRun, students: list[Student], *, by: Any | None, chance: random.Random
) -> None:
    """Most came most of the time, and every now and then somebody's box was left empty."""
    for session in run.session_list:
        if not session.is_held():
            continue
        cells = {}
        for student in students:
            dice = chance.random()
            if dice < 0.96:
                mark = Mark.PRESENT if dice < 0.84 else Mark.ABSENT
                cells[student.pk] = Cell(Mark.UNMARKED, mark)
        certificate_services.save_register(
            run=run, session=session, cells=cells, by=by, now=session.ends_at
        )


def count_heads(run: CourseRun, about: int, *, by: Any | None) -> None:
    """How many came to each session that was held, where names are not kept."""
    for number, session in enumerate(run.session_list):
        if session.is_held():
            certificate_services.set_headcount(
                run=run, session=session, headcount=about + number % 4, by=by, now=session.ends_at
            )


def turn_up(run: CourseRun, names: Iterable[str], *, by: Any | None) -> None:
    """People who came to the first session that was held without having signed up."""
    session = next((each for each in run.session_list if each.is_held()), None)
    if session is None:
        return
    for name in names:
        certificate_services.add_walk_in(
            run=run, session=session, name=name, by=by, now=session.starts_at
        )
