"""Certificates for a list of names that the tutor types or pastes."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from certificates import services
from certificates.forms.names import NamesForm
from courses.models import CourseRun
from enrolment.doors import for_tutors, open_run
from enrolment.kept_forms import sent


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_names(request: HttpRequest, run_id: int) -> HttpResponse:
    """One name a line; a list that is refused stays on the page as it was written."""
    run = open_run(request, run_id)
    sessions = services.begun_sessions(run)
    form = NamesForm(
        sent(request),
        sessions=sessions,
        initial={"language": run.course.language},
    )
    if request.method == "POST" and sessions and form.is_valid() and _issued(request, run, form):
        return redirect("tutor_certificates", run.pk)
    context = {
        "run": run,
        "sessions": sessions,
        "form": form,
        "days": settings.CERTIFICATE_NAME_DAYS,
    }
    return render(request, "certificates/tutor_names.html", context)


def _issued(request: HttpRequest, run: CourseRun, form: NamesForm) -> bool:
    """Issue, and say how many; False where the form has something to say. No name is told."""
    wanted = set(form.cleaned_data["sessions"])
    try:
        answer = services.issue_by_name(
            run=run,
            sessions=[each for each in run.sessions.all() if str(each.pk) in wanted],
            names=form.cleaned_data["names"],
            language=form.cleaned_data["language"],
            by=request.user,
        )
    except services.MoreThanCounted as error:
        form.add_error(
            "names",
            _(
                "You counted %(number)s people, and this would be more certificates than that. "
                "Look over the list, or change the number in the register."
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
