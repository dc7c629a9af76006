"""Puts the demo college into an empty database, all of it or nothing."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from certificates import services as certificate_services
from certificates.models import Certificate
from courses.models import (
    College,
    Course,
    CourseRun,
    NoticeVersion,
    Partner,
    Semester,
    Tutor,
    Venue,
)
from enrolment import services
from enrolment.models import Enrolment, Letter, Student
from recoverycollege.demo import (
    college,
    courses,
    feedback,
    history,
    outside,
    pages,
    present,
    programme,
    semesters,
    students,
)
from recoverycollege.demo import tutors as staff


class HoldsRealCollege(Exception):
    """The database is somebody's: nothing was written."""


def is_loaded() -> bool:
    return College.objects.filter(is_demo=True).exists()


def is_empty() -> bool:
    """Whether nobody has begun to use the database."""
    begun = (College, Partner, Venue, Tutor, Semester, Course, CourseRun, Student, Enrolment)
    return not any(model._default_manager.exists() for model in begun)


@transaction.atomic
def load(*, with_sign_ins: bool) -> dict[str, int]:
    """Fill the database and return how many there are of what; empty where it was there already.

    `with_sign_ins` also makes users whose password anybody knows, and leaves a few e-mails to be
    sent: for development only. Raises HoldsRealCollege.
    """
    if is_loaded():
        return {}
    if not is_empty():
        raise HoldsRealCollege
    with translation.override("nb"):
        _load(with_sign_ins=with_sign_ins)
    return {
        "semesters": Semester.objects.count(),
        "courses": Course.objects.count(),
        "runs": CourseRun.objects.count(),
        "tutors": Tutor.objects.count(),
        "students": Student.objects.count(),
        "enrolments": Enrolment.objects.count(),
        "letters": Letter.objects.count(),
        "certificates": Certificate.objects.count(),
    }


def _load(*, with_sign_ins: bool) -> None:
    now = timezone.localtime()
    chance = random.Random(2026)  # noqa: S311  The same college every time; no secret.
    the_college = college.make_college(now=now)
    notice = NoticeVersion.objects.latest()
    all_tutors = staff.make_tutors(with_sign_ins=with_sign_ins)
    coordinator = staff.make_coordinator() if with_sign_ins else None
    all_semesters = semesters.make_semesters(now=now)
    all_venues = college.make_venues()
    all_courses = courses.make_courses(
        tutors=all_tutors, topics=college.make_topics(), since=all_semesters[0].starts_on
    )
    everybody = students.make_students(college=the_college, chance=chance)
    outside.make_opportunities(all_courses, now=now)
    outside.make_ideas(all_courses, now=now)
    pages.make_pages(now=now)

    to_cancel, to_call = [], []
    for plan in programme.PLANS:
        run = programme.make_run(
            plan,
            semesters=all_semesters,
            courses=all_courses,
            venues=all_venues,
            tutors=all_tutors,
            now=now,
        )
        if plan.headcount:
            history.count_heads(run, plan.headcount, by=coordinator)
        crowd = chance.sample(everybody, plan.sign_ups)
        if not crowd:
            continue
        if run.has_started(now):
            history.write_history(
                run,
                crowd,
                notice=notice,
                raised_to=plan.raised_to,
                by=coordinator,
                chance=chance,
            )
        else:
            present.sign_up_all(run, crowd, notice=notice)
            to_cancel += [run] if plan.is_cancelled else []
            to_call += [run] if plan.has_call_list else []
            if plan.has_messages:
                present.write_messages(run, by=coordinator)
    _people_who_just_turned_up(by=coordinator)
    _issue_certificates(by=coordinator)
    feedback.answer_past(chance=chance)
    feedback.ask_lately(now=now)
    # Whoever has a place today was reminded of it yesterday.
    services.remind_students(now=now.replace(hour=3) - timedelta(days=1))
    present.send_letters(leave_some=False)
    for run in to_call:
        present.make_call_list(run, by=coordinator)
    for run in to_cancel:
        services.cancel_run(run=run, by=coordinator)
    present.ask_to_be_told(3)
    present.ask_questions()
    feedback.offer_to_develop()
    present.send_letters(leave_some=with_sign_ins)


def _finished() -> Iterator[CourseRun]:
    for run in CourseRun.objects.published().filter(entry="sign_up").with_programme():
        if run.is_finished():
            yield run


def _people_who_just_turned_up(*, by: Any | None) -> None:
    names = [("Gjest Uanmeldt", "Nabo Innom"), ("Vandrer Tilfeldig", "Venn Medfølge")]
    for run, turned_up in zip(_finished(), names, strict=False):
        history.turn_up(run, turned_up, by=by)


def _issue_certificates(*, by: Any | None) -> None:
    """For every finished run but those that a tutor is to try it on."""
    left = {plan.course for plan in programme.PLANS if not plan.certificates}
    for run in _finished():
        is_recent = run.semester.ends_on >= timezone.localdate()
        if is_recent and run.course.slug in left:
            continue
        if ends_at := run.ends_at:
            at = min(ends_at + timedelta(hours=1), timezone.now())
            certificate_services.issue(run=run, by=by, now=at)
