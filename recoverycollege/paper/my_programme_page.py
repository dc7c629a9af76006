"""The page on which anybody puts together a programme of their own, and prints it."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses.models import College, CourseRun, Opportunity
from courses.norwegian.sorting import sort_key
from courses.web import throttle
from courses.web.client_address import client_network
from courses.web.throttle import RateLimit
from enrolment.forms.sign_up import StudentForm
from enrolment.models import Enrolment, Student
from enrolment.queries import unfinished, with_sessions
from enrolment.student_session import personal_page, visiting_student
from recoverycollege.paper import my_programme as booklet

# Characters: two pages in A5.
LENGTH = 3000


class MyProgrammeForm(StudentForm):
    """Which courses, and somebody's own words. Stored nowhere."""

    runs = forms.MultipleChoiceField(required=False)
    goals = forms.CharField(
        label=_("My goals"),
        help_text=_("What would you like to learn or try?"),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    next_steps = forms.CharField(
        label=_("My next steps"),
        required=False,
        max_length=LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, runs: list[CourseRun], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["runs"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), each.course.title) for each in runs
        ]
        self.helper.layout = Layout("goals", "notes", "next_steps")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_programme(request: HttpRequest) -> HttpResponse:
    """The form; sent, the booklet. What a student is signed up for is ticked already."""
    public = unfinished().exclude(entry=CourseRun.Entry.CLOSED)
    now = timezone.now()
    runs = sorted(with_sessions(public), key=lambda run: (run.starts_at or now, run.pk))
    own = _status_of_own(visiting_student(request))
    form = MyProgrammeForm(request.POST if request.method == "POST" else None, runs=runs)
    is_too_much = False
    if form.is_valid():
        limit = RateLimit(
            what="programme", who=client_network(request), most=settings.PROGRAMMES_PER_HOUR
        )
        is_too_much = throttle.goes_beyond(limit)
        if not is_too_much:
            return _booklet(form, runs, own)
    ticked = form["runs"].value() or [] if form.is_bound else [str(pk) for pk in own]
    lines = [(run, str(run.pk) in ticked) for run in runs]
    context = {
        "form": form,
        "own": [(run, is_ticked) for run, is_ticked in lines if run.pk in own],
        "others": [(run, is_ticked) for run, is_ticked in lines if run.pk not in own],
        "is_too_much": is_too_much,
        "section": "my_page" if own else "courses",
    }
    status = 429 if is_too_much else 200
    return render(request, "recoverycollege/my_programme.html", context, status=status)


def _status_of_own(student: Student | None) -> dict[int, str]:
    """The runs that a student has a place on or waits for, by their keys. One query, or none."""
    if student is None:
        return {}
    return dict(student.enrolments.live().values_list("run", "status"))


def _booklet(form: MyProgrammeForm, runs: list[CourseRun], own: dict[int, str]) -> HttpResponse:
    words = form.cleaned_data
    chosen = [run for run in runs if str(run.pk) in words["runs"]]
    courses = {run.course_id for run in chosen}
    opportunities = Opportunity.objects.filter(courses__in=courses).distinct()
    pdf = booklet.render(
        [
            booklet.chosen(run, is_waiting=own.get(run.pk) == Enrolment.Status.WAITING)
            for run in chosen
        ],
        opportunities=[
            booklet.outside(each)
            for each in sorted(opportunities, key=lambda each: sort_key(each.name))
        ],
        college=College.objects.current(),
        goals=words["goals"],
        notes=words["notes"],
        next_steps=words["next_steps"],
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="program.pdf"'},
    )
