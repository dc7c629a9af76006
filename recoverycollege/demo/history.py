"""What has happened already: sign-ups, withdrawals, letters and who was there, with their dates.

The verbs of `enrolment.services` live in the present. What is past is written here by the same
rules, first come, first served, each change with its letter and its event.
"""

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from certificates.models import Attendance
from courses.models import CourseRun, NoticeVersion
from enrolment import letters
from enrolment.models import Enrolment, Event, Letter, Student

Status, Kind = Enrolment.Status, Letter.Kind


class Book:
    """The enrolments of one run as they came in. `close` writes the counters."""

    def __init__(self, run: CourseRun, notice: NoticeVersion) -> None:
        self.run = run
        self.notice = notice
        self.enrolments: list[Enrolment] = []
        self.events: list[Event] = []

    @property
    def queue(self) -> list[Enrolment]:
        return [each for each in self.enrolments if each.is_waiting]

    @property
    def placed(self) -> list[Enrolment]:
        return [each for each in self.enrolments if each.has_place]

    @property
    def free_places(self) -> int:
        return (self.run.capacity or 0) - sum(each.places for each in self.placed)

    def sign_up(self, student: Student, *, at: datetime, places: int = 1) -> None:
        has_room = not self.queue and self.free_places >= places
        enrolment = Enrolment.objects.create(
            student=student,
            run=self.run,
            status=Status.PLACE if has_room else Status.WAITING,
            places=places,
            submission=uuid.uuid4(),
            notice=self.notice,
            notice_shown_at=at,
            enrolled_at=at,
            placed_at=at if has_room else None,
        )
        self.enrolments.append(enrolment)
        self._tell(enrolment, Kind.PLACE if has_room else Kind.WAITING, "enrolled", at=at)

    def withdraw(self, enrolment: Enrolment, *, at: datetime) -> None:
        """Give the place back; before the waiting list closes it goes to the head of the queue."""
        enrolment.status, enrolment.withdrawn_at = Status.WITHDRAWN, at
        enrolment.save(update_fields=["status", "withdrawn_at"])
        self._tell(enrolment, Kind.WITHDRAWN, "withdrew", at=at)
        if not self.run.fills_by_itself(at):
            return
        for head in self.queue:
            if head.places > self.free_places:
                break
            head.status, head.placed_at = Status.PLACE, at
            head.save(update_fields=["status", "placed_at"])
            self._tell(head, Kind.PROMOTED, "got_place", at=at)

    def close(self) -> None:
        Event.objects.bulk_create(self.events)
        self.run.places_taken = sum(each.places for each in self.placed)
        self.run.waiting = len(self.queue)
        self.run.save(update_fields=["places_taken", "waiting"])

    def _tell(self, enrolment: Enrolment, kind: Letter.Kind, verb: str, *, at: datetime) -> None:
        letters.write(
            kind=kind,
            student=enrolment.student,
            enrolment=enrolment,
            occasion=str(enrolment.pk),
            is_new_occasion=True,
        )
        self.events.append(
            Event(verb=verb, subject="enrolment", subject_id=enrolment.pk, happened_at=at)
        )


def write_history(
    run: CourseRun, students: Iterable[Student], *, notice: NoticeVersion, chance: random.Random
) -> None:
    """Everybody signs up in the weeks before the run; one in nine cannot come after all."""
    starts_at = run.starts_at
    if starts_at is None:
        return
    book = Book(run, notice)
    crowd = list(students)
    first = starts_at - timedelta(days=30)
    for number, student in enumerate(crowd):
        at = first + timedelta(hours=25 * 24 * number / max(len(crowd), 1))
        book.sign_up(student, at=at, places=2 if number % 11 == 4 else 1)
    for number, enrolment in enumerate(book.placed):
        if number % 9 == 6:
            book.withdraw(enrolment, at=starts_at - timedelta(days=4 - number % 4, hours=2))
    book.close()
    _send_all(run)
    _take_register(run, [each.student for each in book.placed], chance=chance)


def _send_all(run: CourseRun) -> None:
    """The letters went out when they were due: by e-mail at once, by telephone the day after."""
    changed = []
    for letter in Letter.objects.filter(enrolment__run=run).select_related("enrolment"):
        enrolment = letter.enrolment
        if enrolment is None:
            continue
        moments = {
            Kind.PROMOTED: enrolment.placed_at,
            Kind.WITHDRAWN: enrolment.withdrawn_at,
        }
        letter.due_at = moments.get(Kind(letter.kind)) or enrolment.enrolled_at
        mark_as_sent(letter)
        letter.overtaken_at = None  # each went out before the next was written
        changed.append(letter)
    Letter.objects.bulk_update(
        changed, ["due_at", "sent_at", "attempts", "outcome", "overtaken_at"]
    )


def mark_as_sent(letter: Letter) -> None:
    """As the letters worker or somebody with a telephone would have left it. Does not save."""
    if letter.channel == Student.Channel.EMAIL:
        letter.sent_at, letter.attempts = letter.due_at + timedelta(minutes=1), 1
        return
    letter.sent_at = letter.due_at + timedelta(days=1)
    is_phone = letter.channel == Student.Channel.PHONE
    letter.outcome = Letter.Outcome.REACHED if is_phone else Letter.Outcome.POSTED


def _take_register(run: CourseRun, students: list[Student], *, chance: random.Random) -> None:
    """Most came most of the time, and every now and then somebody's box was left empty."""
    marks = []
    for session in run.session_list:
        if not session.is_held():
            continue
        for student in students:
            dice = chance.random()
            if dice < 0.96:
                marks.append(Attendance(student=student, session=session, is_present=dice < 0.84))
    Attendance.objects.bulk_create(marks)


def turn_up(run: CourseRun, name: str, students: Iterable[Student]) -> None:
    """People who came to the first session that was held without having signed up."""
    session = next((each for each in run.session_list if each.is_held()), None)
    if session is None:
        return
    stranger = Student.objects.create(
        name=name, name_key=name.casefold(), channel=Student.Channel.NONE
    )
    Attendance.objects.bulk_create(
        Attendance(student=student, session=session, is_present=True)
        for student in [stranger, *students]
    )
