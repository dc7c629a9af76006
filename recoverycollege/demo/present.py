"""What is going on now: sign-ups through the portal's own verbs, a queue and a call list."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from courses.models import CourseRun, NoticeVersion
from courses.queries import public_courses
from enrolment import letters, services
from enrolment.models import Enrolment, Letter, Message, Student
from recoverycollege.demo.history import mark_as_sent, sign_up

ADJUSTMENTS = [
    "Jeg bruker rullestol.",
    "Jeg vil gjerne sitte nær døra.",
    "Teleslynge, takk.",
    "Jeg tåler ikke nøtter.",
    "Kan jeg få arkene på forhånd?",
    "Jeg kommer med førerhund.",
]


def sign_up_all(run: CourseRun, students: Iterable[Student], *, notice: NoticeVersion) -> None:
    """Everybody signs up through the verb, in the last three weeks."""
    crowd = list(students)
    now = timezone.now()
    first = max(now - timedelta(days=20), run.opens_at)
    for number, student in enumerate(crowd):
        sign_up(
            run,
            student,
            notice=notice,
            now=first + (now - first) * number / len(crowd),
            places=2 if number % 8 == 3 else 1,
            adjustment=ADJUSTMENTS[number // 5 % len(ADJUSTMENTS)] if number % 5 == 2 else "",
        )


def make_call_list(run: CourseRun, *, by: Any | None) -> None:
    """The waiting list has closed, two have withdrawn since, and one has been rung in vain."""
    closed = services.RunEdit({"waiting_list_closes_at": timezone.now() - timedelta(hours=2)})
    services.save_run(run=run, edit=closed, by=by)
    for enrolment in run.enrolments.with_place().filter(places=1)[:2]:
        services.withdraw(enrolment=enrolment)
    first = Enrolment.objects.to_call().filter(run=run).first()
    if first:
        services.record_call(enrolment=first, outcome=Enrolment.CallOutcome.UNREACHED, by=by)


def ask_to_be_told(number: int) -> None:
    """So many want to be told when a course is held again that nobody can sign up for now."""
    open_now = CourseRun.objects.can_be_joined(timezone.now()).values("course")
    course = public_courses().exclude(pk__in=open_now).order_by("pk").first()
    for each in range(number):
        if course is None:
            return
        services.ask_to_be_told(
            course=course, name="", email=f"nysgjerrig{each}@example.org", phone="", language="nb"
        )


def ask_questions() -> None:
    """Two from the web wait for an answer."""
    now = timezone.now()
    courses = public_courses().order_by("pk")
    services.ask_question(
        text="Går det an å komme selv om jeg er redd for å snakke foran andre?",
        contact="undrende@example.org",
        language="nb",
        course=courses.first(),
        now=now - timedelta(days=1, hours=3),
    )
    services.ask_question(
        text="Søstera mi sitter i rullestol. Kommer hun inn, og er det plass til at jeg er med?",
        contact="+4720000003",
        language="nb",
        course=None,
        now=now - timedelta(hours=4),
    )


def write_messages(run: CourseRun, *, by: Any | None) -> None:
    """One was sent to everybody this morning, and another one is a draft."""
    now = timezone.now()
    write = partial(
        services.save_message, run=run, audience=Message.Audience.PLACE, language="nb", by=by
    )
    sent = write(
        submission=uuid.uuid4(),
        text=(
            "Ta gjerne på deg klær du kan bevege deg i. Du trenger ikke være i form: alle gjør så "
            "mye eller lite de vil.\n\nDørene åpner en halvtime før. Det er kaffe og te."
        ),
        now=now - timedelta(hours=3),
    )
    services.send_message(message=sent, by=by, now=now - timedelta(hours=2))
    write(
        submission=uuid.uuid4(),
        text="Bussen går ikke til kaia denne kvelden. Vi møter dem som vil ha følge, på torget.",
        now=now - timedelta(hours=1),
    )


def send_letters(*, leave_some: bool) -> None:
    """What is due has been sent. Some lines are left for somebody with a telephone, and one e-mail
    that did not arrive. `leave_some` also leaves three e-mails for the letters worker to send.
    """
    unsent = Letter.objects.unsent().order_by("-owed_since", "-pk")
    emails = list(unsent.filter(channel=Student.Channel.EMAIL))
    by_hand = list(unsent.exclude(channel=Student.Channel.EMAIL))
    failed = emails[3:4]
    for letter in failed:
        letter.attempts, letter.failed_at = 5, timezone.now()
        letter.last_error = "SMTPRecipientsRefused 550"
    to_mark = (emails[4:] if leave_some else emails[:3] + emails[4:]) + by_hand[6:]
    sent = letters.as_of_now(Letter.objects.filter(pk__in=[each.pk for each in to_mark]))
    for letter in sent:
        mark_as_sent(letter)
        letter.sent_at = letter.written_at = min(letter.sent_at or timezone.now(), timezone.now())
    Letter.objects.bulk_update(
        sent,
        ["language", "subject", "text", "written_at", "sent_at", "attempts", "outcome"],
    )
    Letter.objects.bulk_update(failed, ["attempts", "failed_at", "last_error"])
