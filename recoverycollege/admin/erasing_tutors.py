"""Erase a tutor who asked for it: what must be done first, what stays, one button."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from courses.models import Tutor
from enrolment.admin.run_pages import page
from recoverycollege.admin.erasing import not_erased
from recoverycollege.people.erasing_tutors import (
    ErasuresNotKept,
    PlannedTutorErasure,
    StillNeeded,
    erase_tutor,
    plan_tutor_erasure,
    texts_naming,
)


@permission_required("courses.change_tutor", raise_exception=True)
def erase_page(request: HttpRequest, tutor_id: int) -> HttpResponse:
    tutor = get_object_or_404(Tutor.objects.select_related("user"), pk=tutor_id)
    tutor_url = reverse("admin:courses_tutor_change", args=[tutor.pk])
    if tutor.erased_at is not None:
        return redirect(tutor_url)
    if request.method == "POST":
        try:
            erase_tutor(tutor=tutor, by=request.user)
        except StillNeeded:
            return redirect(request.path)
        except ErasuresNotKept:
            not_erased(request)
            return redirect(request.path)
        messages.success(request, gettext("Name, portrait, words and contact are erased."))
        return redirect("admin:courses_tutor_changelist")
    first = _first(plan_tutor_erasure(tutor))
    return page(
        request,
        "admin/erase_tutor.html",
        gettext("Erase this tutor?"),
        subtitle=tutor.shown_name,
        first=first,
        written_by_hand=[] if first else texts_naming(tutor),
        sentences=[
            gettext("Only when the tutor has asked for it. No reason is needed."),
            gettext(
                "Name, portrait, words, phone, e-mail, letters and sign-in are deleted. Pages say "
                "«Former tutor» instead."
            ),
            gettext(
                "What they developed and held stays, without a name. Certificates that are issued "
                "keep the name that was printed on them."
            ),
            gettext("It cannot be undone."),
        ],
        courses_url=reverse("admin:tutor_courses", args=[tutor.pk]),
        button=gettext("Erase the tutor"),
        back_url=tutor_url,
    )


def _first(plan: PlannedTutorErasure) -> list[str]:
    """What must be done before, in sentences; none where nothing stands in the way."""
    said = [
        gettext("The tutor leads %(run)s, or is planned for it: let somebody else take over first.")
        % {"run": run}
        for run in plan.leads
    ]
    said += [
        gettext("The tutor is whom people can ring about %(run)s: write somebody else there first.")
        % {"run": run}
        for run in plan.rung
    ]
    if plan.is_coordinator:
        said.append(
            gettext(
                "The tutor signs in as a coordinator: whoever runs the portal must take that away "
                "first."
            )
        )
    return said


def urls(site: admin.AdminSite) -> list[URLPattern]:
    route = "courses/tutor/<int:tutor_id>/erase/"
    return [path(route, site.admin_view(erase_page), name="tutor_erase")]
