"""Certificates for a list of names that the tutor types or pastes."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from certificates import services
from certificates.access import for_tutors, open_run
from certificates.forms.names import NamesForm
from courses.models import CourseRun, CourseSession
from enrolment.forms_kept_over_sign_in import sent


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_names(request: HttpRequest, run_id: int) -> HttpResponse:
    """A list of names; sent, the check page that shows how it was read; sent again, issued.

    What is refused, or is to be changed, stays on the page as it was written. Pressing the button
    twice, reloading and going back issue nothing twice: the same list gives nothing new.
    """
    run = open_run(request, run_id)
    sessions = services.begun_sessions(run)
    initial = {"language": run.course.language}
    if request.method != "POST" or not sessions:
        form = NamesForm(sent(request), sessions=sessions, initial=initial)
        return _form_page(request, run, sessions, form)
    form = NamesForm(request.POST, sessions=sessions, initial=initial)
    step = request.POST.get("step", "check")
    if step == "change":
        written = {
            "names": request.POST.get("names", ""),
            "sessions": request.POST.getlist("sessions"),
            "language": request.POST.get("language", ""),
        }
        return _form_page(request, run, sessions, NamesForm(sessions=sessions, initial=written))
    if not form.is_valid():
        return _form_page(request, run, sessions, form)
    if step == "issue" and form.was_shown:
        if _issued(request, run, form):
            return redirect("tutor_certificates", run.pk)
        return _form_page(request, run, sessions, form)
    wanted = set(form.cleaned_data["sessions"])
    context = {
        "run": run,
        "form": form,
        "sessions": [each for each in sessions if str(each.pk) in wanted],
        "language": dict(settings.LANGUAGES)[form.cleaned_data["language"]],
    }
    return render(request, "certificates/tutor_names_check.html", context)


def _form_page(
    request: HttpRequest, run: CourseRun, sessions: list[CourseSession], form: NamesForm
) -> HttpResponse:
    context = {
        "run": run,
        "sessions": sessions,
        "form": form,
        "days": settings.CERTIFICATE_NAME_DAYS,
    }
    return render(request, "certificates/tutor_names.html", context)


def _issued(request: HttpRequest, run: CourseRun, form: NamesForm) -> bool:
    """Issue, and say how many; False where the form has something to say. No name is told."""
    wanted, names = set(form.cleaned_data["sessions"]), form.names_to_issue
    try:
        answer = services.issue_by_name(
            run=run,
            sessions=[each for each in run.session_list if str(each.pk) in wanted],
            names=names,
            language=form.cleaned_data["language"],
            by=request.user,
        )
    except services.MoreThanCounted as error:
        form.add_error(
            "names",
            ngettext(
                "You counted %(number)s person, and this would be more certificates than that. "
                "Look over the list, or change the number in the register.",
                "You counted %(number)s people, and this would be more certificates than that. "
                "Look over the list, or change the number in the register.",
                error.headcount,
            )
            % {"number": error.headcount},
        )
        return False
    except services.SessionNotHeld:
        form.add_error("sessions", _("Tick sessions that have begun."))
        return False
    made = len(answer.certificates)
    if made:
        messages.success(
            request,
            ngettext("%(number)s certificate is made.", "%(number)s certificates are made.", made)
            % {"number": made},
        )
    if answer.had_one:
        messages.info(
            request,
            ngettext(
                "%(number)s name on the list had a certificate already.",
                "%(number)s names on the list had certificates already.",
                answer.had_one,
            )
            % {"number": answer.had_one},
        )
    return True
