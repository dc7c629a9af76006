"""The way from an empty database to the first published run: what is done, and what comes next.

Each step is ticked from what is stored. Once a run has been published all of them are done, and
nothing is asked of the database any more.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from courses.admin.saving import BACK_TO_INDEX
from courses.models import College, Course, CourseRun, PairRole, Tutor, Venue

TEXTS = "#id_ground_rules"


@dataclass(frozen=True)
class Step:
    """One thing to do, and exactly the page on which it is done."""

    sentence: str
    url: str
    is_done: bool
    about: str = ""


def steps(college: College | None, *, has_semester: bool) -> list[Step]:
    """All of them in order. Four queries, and only while a college is being set up."""
    tutors = Tutor.objects.filter(is_active=True).count()
    course = Course.objects.order_by("pk").first()
    run = CourseRun.objects.exclude(status=CourseRun.Status.CANCELLED).order_by("pk").first()
    new_run = reverse("admin:courses_courserun_add") + (f"?course={course.pk}" if course else "")
    its_page = (
        reverse("admin:courses_college_change", args=[college.pk])
        if college
        else reverse("admin:courses_college_add")
    )
    return [
        Step(
            gettext("Write what the college is called, and how people reach you."),
            _back(its_page),
            college is not None,
        ),
        Step(
            gettext("Make the texts your own, and confirm them."),
            _back(its_page) + TEXTS,
            college is not None and college.has_privacy_texts and college.has_confirmed_texts,
            gettext(
                "Ground rules, privacy and accessibility: there are drafts for all of it, on the "
                "same page as the name."
            ),
        ),
        Step(
            gettext("Write where you meet."),
            _back(reverse("admin:courses_venue_add")),
            Venue.objects.exists(),
        ),
        Step(
            gettext("Add the first semester."),
            _back(reverse("admin:courses_semester_add")),
            has_semester,
            gettext("Its dates are proposed."),
        ),
        Step(
            gettext("Write who leads the courses."),
            _back(reverse("admin:courses_tutor_add")),
            tutors >= len(PairRole),
            gettext(
                "Every course has at least two: one with lived experience and one with "
                "professional experience."
            ),
        ),
        Step(
            gettext("Write the first course."),
            _back(reverse("admin:courses_course_add")),
            course is not None,
            gettext("Its text is kept, and used each time the course is held."),
        ),
        Step(
            gettext("Make a run of it: when, where and with whom."),
            new_run,
            run is not None,
        ),
        Step(
            gettext("Publish the run, so that people can sign up."),
            reverse("admin:courses_courserun_change", args=[run.pk]) if run else new_run,
            is_done=False,
            about=gettext("When it is published, this list is gone."),
        ),
    ]


def _back(address: str) -> str:
    """The page, from which saving leads back here."""
    return f"{address}?{BACK_TO_INDEX}"
