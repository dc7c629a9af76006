"""A database in which Ann stands everywhere that she can stand."""

import uuid
from datetime import timedelta

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Model
from django.utils import timezone

from certificates import services as certificate_services
from certificates.services import Cell, Mark
from courses import services as course_services
from courses.models import CourseRun
from courses.web.throttle import RateLimit, count_one
from enrolment import services
from enrolment.models import ClosedLink, Letter, MergedKey, MergedRecord, RepeatedSubmission
from tests import factories

NAME, EMAIL, PHONE = "Ann-Kåre Spæl", "ann-kare@example.org", "+4799887766"
ABOUT_ANN = ("Ann-Kåre", "ann-kåre", "ann-kare", "99887766")


def rows_with(words: tuple[str, ...]) -> set[str]:
    """In which tables one of the words stands in any column of any row."""
    return {
        model._meta.label
        for model in apps.get_models()
        for row in model._default_manager.values()
        if any(word in str(value) for value in row.values() for word in words)
    }


def fill_everything() -> None:
    """By the verbs, but for what only a page or a crash makes."""
    staff = factories.make_coordinator()
    run = factories.make_published_run()
    person = factories.make_person(name=NAME, email=EMAIL, phone=PHONE)
    enrolment = factories.enrol(run, person=person, adjustment=f"Ring {NAME} når døra er åpen")
    student = enrolment.student
    message = factories.make_message(
        run, audience="one", enrolment=enrolment, text=f"Hei {NAME}, ta med sko"
    )
    services.send_message(message=message, by=staff)
    factories.make_message(run, text=f"Utkast om {NAME}")
    services.ask_to_be_told(course=run.course, name=NAME, email=EMAIL, phone=PHONE, language="nb")
    services.ask_question(
        text=f"Kan {NAME} komme?", contact=EMAIL, language="nb", course=run.course
    )
    course_services.propose_idea(text=f"Noe som {NAME} trenger", language="nb")
    story = factories.make_story(teller=NAME)
    factories.make_page_file(story, file_name=f"{NAME}.txt")
    course_services.withdraw_story(page_id=story.pk)
    services.ask_for_page_link(contact=EMAIL, language="nb")
    services.ask_for_new_email(student=student, email=f"ny-{EMAIL}")
    for letter in Letter.objects.filter(student=student):
        # A server's answer, as it names whom it does not know.
        factories.written(letter)
        letter.last_error = f"550 {EMAIL} unknown"
        letter.sent_at = letter.written_at = timezone.now()
        letter.save()
    _takes_part(run, student.pk, staff)
    _is_asked(NAME)
    RepeatedSubmission.objects.create(
        submission=uuid.uuid4(), enrolment=enrolment, was_told_of_place=True
    )
    ClosedLink.objects.create(token_hash=ClosedLink.hash_of("token"))
    MergedKey.objects.create(student=student, key="earlier", is_calendar=False)
    MergedKey.objects.create(student=student, key="calendar", is_calendar=True)
    MergedRecord.objects.create(student=student, number=0, made_at=timezone.now())
    services.change_contact(student=student, by=staff, language="nn")
    session = SessionStore()
    session["student"] = student.key
    session.create()
    count_one(RateLimit(what="sign-up", who="2001:db8::/56", most=9))
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(CourseRun),
        object_id=str(run.pk),
        object_repr=str(run),
        action_flag=CHANGE,
    )


def _is_asked(name: str) -> None:
    """Of one run too few answered; of another what somebody wrote is shown."""
    certificate_services.offer_to_develop(name=name, contact=EMAIL, language="nb")
    for answers in (5, 1):
        run = factories.make_published_run(in_days=-0.1)
        feedback = certificate_services.make_feedback(run=run)
        for _each in range(answers):
            certificate_services.answer(
                feedback=feedback, steps=[4] * 5, words=f"{name} var så hyggelig"
            )
        if answers == 5 and (closes_at := feedback.typed_until):
            certificate_services.close_feedback(now=closes_at)


def _takes_part(run: CourseRun, student: int, staff: Model) -> None:
    """Is there, has a certificate, and one of another course by name alone."""
    session = run.sessions.get()
    begun = timezone.now()
    type(session).objects.filter(pk=session.pk).update(
        starts_at=begun - timedelta(hours=3), ends_at=begun - timedelta(hours=1)
    )
    run = CourseRun.objects.get(pk=run.pk)
    session = run.sessions.get()
    cells = {student: Cell(Mark.UNMARKED, Mark.PRESENT)}
    certificate_services.save_register(run=run, session=session, cells=cells, by=staff)
    certificate_services.issue(run=run, by=staff)
    certificate_services.issue_by_name(
        run=run, sessions=[session], names=[f"{NAME} d.e."], language="nb", by=staff
    )
