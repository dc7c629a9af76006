"""The tutors' pages: their runs, the register, what goes on paper, whom to ring."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates import services
from certificates.access import (
    check_names,
    chosen_session,
    contacts_end_at,
    for_tutors,
    leads,
    names_end_at,
    open_register,
    open_run,
    runs_open_to,
    sees,
    sessions_open_to,
)
from certificates.forms.attendance import RegisterForm
from certificates.models import Attendance
from certificates.queries import absent_twice, numbers_of, students_on_list_of
from certificates.services import Mark
from courses.models import Course, CourseDeveloper, CourseRun, CourseSession
from courses.norwegian.sorting import sort_key
from enrolment.forms_kept_over_sign_in import sent
from enrolment.models import Enrolment, Student

PAST_RUNS_PER_PAGE = 20


@for_tutors
@require_safe
def tutor_runs(request: HttpRequest) -> HttpResponse:
    """Today's and coming runs by their next session, then past ones, the latest first.

    Whoever stands in finds the run by the sessions they stand in for.
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    takes_place = Q(sessions__in=sessions_open_to(request.user).order_by().values("pk"))
    to_come = takes_place & Q(sessions__ends_at__gte=midnight)
    runs = (
        runs_open_to(request.user)
        .with_programme()
        .prefetch_related("course__files")
        .annotate(
            next_starts_at=Min("sessions__starts_at", filter=to_come),
            last_ends_at=Max("sessions__ends_at", filter=takes_place),
        )
    )
    past = Paginator(
        runs.filter(next_starts_at=None).order_by("-last_ends_at", "pk"), PAST_RUNS_PER_PAGE
    )
    coming = list(runs.filter(next_starts_at__isnull=False).order_by("next_starts_at", "pk"))
    led = [each for each in coming if each.is_running() and leads(request.user, each)]
    away = absent_twice(led)
    context = {
        "coming": [(each, away.get(each.pk, [])) for each in coming],
        "past": past.get_page(request.GET.get("side")),
        "developed": _developed_with_files(request.user),
        "tomorrow": midnight + timedelta(days=1),
    }
    return render(request, "certificates/tutor_runs.html", context)


@for_tutors
def tutor_register(request: HttpRequest, run_id: int) -> HttpResponse:
    """One session's register. Saving keeps what another tutor saved meanwhile.

    Long after the run its tutors see numbers only, of every session, and nothing is saved.
    """
    run, sessions = open_register(request, run_id)
    names_end = names_end_at(request.user, run)
    if not sees(names_end):
        return _numbers(request, run, sessions)
    session = chosen_session(sessions, request.GET.get("samling"))
    students = _students(run)
    marks = {
        row.student_id: Mark.of(row)
        for row in Attendance.objects.filter(session=session, student__in=students)
    }
    form = RegisterForm(
        sent(request),
        session=session,
        students=students,
        marks=marks,
    )
    if request.method == "POST" and form.is_valid():
        overwritten = _save(request, run, session, form)
        query = [("samling", session.pk), *(("ogsa", student.pk) for student in overwritten)]
        return redirect(f"{reverse('tutor_register', args=[run.pk])}?{urlencode(query)}")
    enrolments = {
        enrolment.student_id: enrolment
        for enrolment in Enrolment.objects.with_place()
        .filter(run=run)
        .prefetch_related("adjustments")
    }
    counts = Counter(marks.get(student.pk, Mark.UNMARKED) for student in students)
    context = {
        "run": run,
        "is_substitute": not leads(request.user, run),
        "session": session,
        "sessions": sessions,
        "form": form,
        "rows": [
            (*row, enrolments.get(row[0].pk), str(row[0].pk) in request.GET.getlist("ogsa"))
            for row in form.rows()
        ],
        "names_end": names_end,
        "adjustments": [
            (student, adjustment)
            for student in students
            if student.pk in enrolments and sees(contacts_end_at(request.user, run))
            for adjustment in enrolments[student.pk].adjustments.all()
        ],
        "here": counts[Mark.PRESENT],
        "not_here": counts[Mark.ABSENT],
        "not_marked": counts[Mark.UNMARKED],
        "can_be_marked": session.can_be_marked(),
        "files": run.course.files.all(),
    }
    return render(request, "certificates/tutor_register.html", context)


@for_tutors
@require_safe
def tutor_contacts(request: HttpRequest, run_id: int) -> HttpResponse:
    """How those with a place are reached, for a while. A page of its own: the register is seen by
    many.
    """
    run = open_run(request, run_id)
    ends = contacts_end_at(request.user, run)
    context: dict[str, Any] = {"run": run, "ends": ends, "is_shown": sees(ends)}
    if not sees(ends):
        context["days"] = settings.TUTOR_CONTACT_DAYS
        return render(request, "certificates/tutor_contacts.html", context)
    students = Student.objects.known().filter(
        pk__in=Enrolment.objects.with_place().filter(run=run).values("student")
    )
    people = sorted(students, key=lambda student: sort_key(student.name))
    return render(request, "certificates/tutor_contacts.html", context | {"people": people})


@for_tutors
@require_safe
def tutor_sheet(request: HttpRequest, run_id: int) -> HttpResponse:
    """What can be printed of the run, and taken out of it, while its names are seen."""
    run, sessions = open_register(request, run_id)
    check_names(request.user, run)
    is_leading = leads(request.user, run)
    context = {
        "run": run,
        "sessions": sessions,
        "is_substitute": not is_leading,
        "has_poster": run.is_public and run.is_published and not run.is_finished(),
        "has_contacts": is_leading and run.has_sign_up and sees(contacts_end_at(request.user, run)),
    }
    return render(request, "certificates/tutor_sheet.html", context)


def _numbers(request: HttpRequest, run: CourseRun, sessions: list[CourseSession]) -> HttpResponse:
    if request.method == "POST":
        messages.warning(
            request,
            _("Not saved: the register is closed for tutors. A coordinator can still correct it."),
        )
        return redirect("tutor_register", run.pk)
    if not sessions:
        raise Http404
    context = {
        "run": run,
        "is_substitute": not leads(request.user, run),
        "numbers": numbers_of(sessions),
        "days": settings.TUTOR_NAMES_DAYS,
    }
    return render(request, "certificates/tutor_numbers.html", context)


def _developed_with_files(user: Any) -> list[Course]:
    """The courses that the user developed and that have files, which they may find nowhere else."""
    courses = Course.objects.filter(
        pk__in=CourseDeveloper.objects.filter(tutor__user=user).order_by().values("course"),
        files__isnull=False,
    )
    found = courses.distinct().prefetch_related("files")
    return sorted(found, key=lambda course: sort_key(course.title))


def _students(run: CourseRun) -> list[Student]:
    return sorted(
        students_on_list_of(run), key=lambda student: (sort_key(student.name), student.pk)
    )


def _save(
    request: HttpRequest, run: CourseRun, session: CourseSession, form: RegisterForm
) -> list[Student]:
    """Write what the tutor changed, and say what happened; no name goes into the message.

    Returns those whom another tutor had just marked differently.
    """
    overwritten: list[Student] = []
    try:
        overwritten = services.save_register(
            run=run, session=session, cells=form.cells(), by=request.user
        ).overwritten
        if form.lost_marks:
            messages.warning(
                request,
                _(
                    "Somebody you marked has gone from the list meanwhile, so that mark is not "
                    "saved. If they were here, write the name at the foot of the page."
                ),
            )
        if form.has_new_headcount:
            headcount = form.cleaned_data["headcount"]
            before = services.set_headcount(
                run=run, session=session, headcount=headcount, by=request.user
            )
            if before not in (headcount, form.cleaned_data["shown_headcount"]):
                messages.warning(
                    request, _("Another tutor had just written another number. Yours stands now.")
                )
        if name := form.cleaned_data["name"]:
            services.add_walk_in(run=run, session=session, name=name, by=request.user)
            messages.success(request, _("Saved, and the name is on the list."))
        else:
            messages.success(request, _("Saved."))
    except services.AlreadyOnList:
        messages.warning(
            request,
            _(
                "The rest is saved. The name was on the list already. Is this somebody else with "
                "the same name? Write more of the name, so that you can tell them apart."
            ),
        )
    except services.SessionNotBegun:
        messages.warning(request, _("This session has not begun, so nobody can be marked yet."))
    return overwritten
