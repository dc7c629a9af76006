"""Who may open which run's pages. A stranger is told that there is no such page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import cache_control

from courses.models import CourseRun, CourseSession, Tutor
from courses.models.runs import CourseRunQuerySet
from courses.web.plain_pages import keeps_answers
from enrolment.forms_kept_over_sign_in import keeps_form


def for_tutors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for people who are signed in, and that no cache keeps.

    A form that could not be saved is kept: in the page where the database is away or busy, and in
    the session where its user is signed out.
    """
    return cache_control(private=True, no_store=True)(
        keeps_answers(keeps_form(login_required(view)))
    )


def is_coordinator(user: Any) -> bool:
    """Whether the user looks after every run."""
    return bool(user.is_active and user.is_staff and user.has_perm("courses.change_courserun"))


def runs_open_to(user: Any) -> CourseRunQuerySet:
    """The runs whose register this user may open; none for somebody who teaches nothing here.

    Drafts have no register yet.
    """
    if is_coordinator(user):
        return CourseRun.objects.exclude(status=CourseRun.Status.DRAFT)
    tutor = Tutor.objects.filter(user=user).first()
    return CourseRun.objects.for_tutor(tutor) if tutor else CourseRun.objects.none()


def open_run(request: HttpRequest, run_id: int) -> CourseRun:
    """The run with its programme, where the signed-in user may open it; else 404."""
    return get_object_or_404(runs_open_to(request.user).with_programme(), pk=run_id)


def chosen_session(run: CourseRun, wanted: str | None) -> CourseSession:
    """The session asked for, or the one nearest to now."""
    sessions = run.session_list
    if wanted:
        sessions = [session for session in sessions if str(session.pk) == wanted]
    if not sessions:
        raise Http404
    now = timezone.now()
    return min(
        sessions,
        key=lambda session: max(session.starts_at - now, now - session.ends_at, timedelta(0)),
    )
