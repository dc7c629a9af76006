"""The papers of a run for those who hold it: tutors, as long as they see its names, and
coordinators.
"""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.access import (
    check_names,
    contacts_end_at,
    for_tutors,
    leads,
    open_register,
    open_run,
    sees,
)
from certificates.models import SessionCode
from courses.models import College
from enrolment.forms_kept_over_sign_in import sent
from recoverycollege.paper import badges, run_lists, session_code
from recoverycollege.paper.drawing import pdf_response


@for_tutors
@require_safe
def register_paper(request: HttpRequest, run_id: int) -> HttpResponse:
    """The register that goes round, of the sessions whose register the user may open."""
    run, sessions = open_register(request, run_id)
    check_names(request.user, run)
    if not sessions:
        raise Http404
    pdf = run_lists.register(run, sessions, College.objects.current())
    return pdf_response(pdf, "oppmoteliste")


@for_tutors
@require_safe
def participants_paper(request: HttpRequest, run_id: int) -> HttpResponse:
    """How people are reached, and what is arranged for them: as long as the user sees that.

    Not for whoever stands in for a session.
    """
    run = open_run(request, run_id)
    if not sees(contacts_end_at(request.user, run)):
        return redirect("tutor_contacts", run.pk)  # which says so
    return pdf_response(run_lists.participants(run, College.objects.current()), "deltakerliste")


class BadgesForm(forms.Form):
    """Names as they are to stand on the badges. Stored nowhere."""

    names = forms.CharField(
        label=_("Names, one a line"),
        help_text=_("First names only. Correct what is not right, and add whoever else comes."),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12, "class": "form-control"}),
    )

    def clean_names(self) -> list[str]:
        names = [" ".join(each.split()) for each in self.cleaned_data["names"].splitlines()]
        names = [each for each in names if each]
        if len(names) > settings.BADGES_AT_MOST:
            raise ValidationError(
                gettext("Print at most %(number)s badges at a time.")
                % {"number": settings.BADGES_AT_MOST}
            )
        return names


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def name_badges(request: HttpRequest, run_id: int) -> HttpResponse:
    """First names to look through, and then the badges. What was corrected is kept nowhere."""
    run, _sessions = open_register(request, run_id)
    check_names(request.user, run)
    names = "\n".join(badges.first_names(run))
    form = BadgesForm(sent(request), initial={"names": names})
    if form.is_valid():
        pdf = badges.render(form.cleaned_data["names"], college=College.objects.current())
        return pdf_response(pdf, "navneskilt")
    context = {"run": run, "form": form, "is_substitute": not leads(request.user, run)}
    return render(request, "recoverycollege/name_badges.html", context)


@for_tutors
@require_safe
def session_code_paper(request: HttpRequest, run_id: int, session_id: int) -> HttpResponse:
    """The sign for the room. Once the code opens nothing, the page about it says so instead."""
    run, sessions = open_register(request, run_id)
    code = get_object_or_404(
        SessionCode.objects.select_related("session").filter(session__in=sessions),
        session_id=session_id,
    )
    code.session.run = run
    if not services.can_have_code(code.session):
        return redirect("tutor_session_code", run.pk)
    return pdf_response(session_code.render(code), "kode")
