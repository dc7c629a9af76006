"""Who may open which run's pages. A stranger is told that there is no such page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control

from courses.models import CourseDeveloper, CourseFile, CourseRun, CourseSession, Tutor
from courses.models.runs import CourseRunQuerySet
from courses.models.sessions import CourseSessionQuerySet
from courses.web.plain_pages import keeps_answers
from enrolment.forms_kept_over_sign_in import keeps_form


class NamesHidden(Exception):
    """The run was over so long ago that its tutors see numbers only."""

    def __init__(self, run: CourseRun) -> None:
        super().__init__(run.pk)
        self.run = run


def for_tutors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for people who are signed in, and that no cache keeps.

    Whoever may see no names any more is led to the register, which shows numbers then. A form that
    could not be saved is kept: in the page where the database is away or busy, and in
    the session where its user is signed out.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NamesHidden as hidden:
            # That page says so, and shows the numbers.
            return redirect("tutor_register", hidden.run.pk)

    return cache_control(private=True, no_store=True)(
        keeps_answers(keeps_form(login_required(wrapped)))
    )


def is_coordinator(user: Any) -> bool:
    """Whether the user looks after every run."""
    return bool(user.is_active and user.is_staff and user.has_perm("courses.change_courserun"))


def runs_open_to(user: Any) -> CourseRunQuerySet:
    """The runs in which this user may open a register; none for whoever teaches nothing here.

    Drafts have no register yet.
    """
    if is_coordinator(user):
        return CourseRun.objects.exclude(status=CourseRun.Status.DRAFT)
    tutor = Tutor.objects.filter(user=user).first()
    return CourseRun.objects.for_tutor(tutor) if tutor else CourseRun.objects.none()


def sessions_open_to(user: Any) -> CourseSessionQuerySet:
    """The sessions whose register this user may open."""
    sessions = CourseSession.objects.all()
    if is_coordinator(user):
        return sessions.not_cancelled()
    tutor = Tutor.objects.filter(user=user).first()
    return sessions.for_tutor(tutor) if tutor else sessions.none()


def open_run(request: HttpRequest, run_id: int) -> CourseRun:
    """The run with its programme, where the signed-in user leads it or looks after it; else 404.

    Raises NamesHidden where its tutors see no names any more. Whoever only stands in for a session
    has `open_register`.
    """
    run = open_led_run(request, run_id)
    check_names(request.user, run)
    return run


def open_led_run(request: HttpRequest, run_id: int) -> CourseRun:
    """As `open_run`, for a page without names: it stays open to the run's tutors."""
    run = _find(request, run_id)
    if not leads(request.user, run):
        raise Http404
    return run


def open_register(request: HttpRequest, run_id: int) -> tuple[CourseRun, list[CourseSession]]:
    """The run with its programme, and those of its sessions whose register the signed-in user may
    open: whoever stands in, the ones they stand in for. 404 where there is none.
    """
    run = _find(request, run_id)
    own = set(sessions_open_to(request.user).filter(run=run).values_list("pk", flat=True))
    return run, [each for each in run.session_list if each.pk in own]


def contacts_end_at(user: Any, run: CourseRun) -> datetime | None:
    """When the user stops seeing how a run's people are reached, and what they want arranged.

    `TUTOR_CONTACT_DAYS` after its last session; never for coordinators. Needs the run's programme.
    """
    return _ends_at(user, run, settings.TUTOR_CONTACT_DAYS)


def names_end_at(user: Any, run: CourseRun) -> datetime | None:
    """When the user stops seeing names, and sees numbers: as `contacts_end_at`, later."""
    return _ends_at(user, run, settings.TUTOR_NAMES_DAYS)


def sees(until: datetime | None) -> bool:
    return until is None or until > timezone.now()


def check_names(user: Any, run: CourseRun) -> None:
    """Raises NamesHidden where the user sees no names of the run any more."""
    if not sees(names_end_at(user, run)):
        raise NamesHidden(run)


def _ends_at(user: Any, run: CourseRun, days: int) -> datetime | None:
    last = max((each.ends_at for each in run.session_list), default=None)
    if last is None or is_coordinator(user):
        return None
    return last + timedelta(days=days)


def course_files_open_to(user: Any) -> QuerySet[CourseFile]:
    """The files and links of the courses that this user teaches, stands in for or developed.

    None for a tutor who teaches no more.
    """
    if is_coordinator(user):
        return CourseFile.objects.all()
    teaches = runs_open_to(user).order_by().values("course")
    developed = CourseDeveloper.objects.filter(tutor__user=user).order_by().values("course")
    is_active = Exists(Tutor.objects.filter(user=user, is_active=True))
    return CourseFile.objects.filter(Q(course__in=teaches) | Q(course__in=developed), is_active)


def leads(user: Any, run: CourseRun) -> bool:
    """Whether the user leads the whole run, as assigned or since taking over, or looks after it."""
    return is_coordinator(user) or any(each.user_id == user.pk for each in run.tutors_as_equals)


def _find(request: HttpRequest, run_id: int) -> CourseRun:
    return get_object_or_404(runs_open_to(request.user).with_programme(), pk=run_id)


def chosen_session(sessions: list[CourseSession], wanted: str | None) -> CourseSession:
    """The session asked for, or the one nearest to now. 404 where there is none."""
    if wanted:
        sessions = [session for session in sessions if str(session.pk) == wanted]
    if not sessions:
        raise Http404
    now = timezone.now()
    return min(
        sessions,
        key=lambda session: max(session.starts_at - now, now - session.ends_at, timedelta(0)),
    )
