"""Erase somebody who asked for it, or several who were made up: read what happens, one button."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext

from enrolment.admin.run_pages import page, tell_who_moved_up
from enrolment.finding import contact_in_words
from enrolment.models import Student
from recoverycollege.people.erasing import (
    Erased,
    ErasuresNotKept,
    PlannedErasure,
    erase_all,
    leaving,
    plan_erasure,
)

CHOSEN = "student"  # the name of the hidden field of each
AT_ONCE = 100


def not_erased(request: HttpRequest) -> None:
    """Say that the list of erasures cannot be written to."""
    messages.error(
        request,
        gettext(
            "Nobody is erased: the list of who was erased cannot be written to. Tell whoever runs "
            "the portal to look at ERASURES_FILE."
        ),
    )


def sentences_of(plan: PlannedErasure) -> list[str]:
    """What happens, in the order in which it matters to somebody. No query."""
    said = []
    for each in plan.leaving:
        sentence = (
            gettext("The place on %(run)s is given back, and goes to the first who is waiting.")
            if each.has_place and each.run.waiting and each.run.fills_by_itself()
            else gettext("The place on %(run)s is given back.")
            if each.has_place
            else gettext("The spot on the waiting list of %(run)s is given back.")
        )
        said.append(sentence % {"run": each.run})
    if plan.certificates:
        said.append(
            ngettext(
                "%(count)s certificate can be checked as before, but loses its name here and "
                "cannot be printed again. Print it first for somebody who wants it.",
                "%(count)s certificates can be checked as before, but lose their name here and "
                "cannot be printed again. Print them first for somebody who wants them.",
                plan.certificates,
            )
            % {"count": plan.certificates}
        )
    said.append(
        gettext(
            "Name, contact, letters, messages, adjustments and wishes to be told of courses are "
            "deleted. Links in letters and the calendar stop working."
        )
    )
    said.append(gettext("Sign-ups and attendance stay without a name, so that the figures hold."))
    said.append(gettext("No letter is sent about it. It cannot be undone."))
    return said


@permission_required("enrolment.change_student", raise_exception=True)
def erase_page(request: HttpRequest, student_id: int) -> HttpResponse:
    """Erase one person on their own wish, as they said it by telephone or letter."""
    student = get_object_or_404(Student, pk=student_id)
    student_url = reverse("admin:enrolment_student_change", args=[student.pk])
    if student.erased_at is not None:
        return redirect(student_url)
    if request.method == "POST":
        if _erase(request, [student]) is not None:
            messages.success(request, gettext("Everything about the person is erased."))
        return redirect(student_url)
    return page(
        request,
        "admin/confirm.html",
        gettext("Erase everything about this person?"),
        subtitle=student.name,
        sentences=[
            gettext("Only when the person has asked for it. No reason is needed."),
            *sentences_of(plan_erasure(student)),
        ],
        button=gettext("Erase everything"),
        back_url=student_url,
    )


@permission_required("enrolment.change_student", raise_exception=True)
def erase_several(request: HttpRequest) -> HttpResponse:
    """Erase those who were chosen in the list of students, after naming them once more."""
    list_url = reverse("admin:enrolment_student_changelist")
    chosen = {int(each) for each in request.POST.getlist(CHOSEN) if each.isdecimal()}
    people = list(Student.objects.known().filter(pk__in=list(chosen)[:AT_ONCE]))
    if people and _erase(request, people) is not None:
        messages.success(
            request,
            ngettext(
                "Everything about %(count)s person is erased.",
                "Everything about %(count)s people is erased.",
                len(people),
            )
            % {"count": len(people)},
        )
    return redirect(list_url)


def ask_about(request: HttpRequest, people: Any) -> HttpResponse:
    """The page between the list and the button: who is meant, and what they are signed up for."""
    chosen = list(people.known()[: AT_ONCE + 1])
    if len(chosen) > AT_ONCE:
        messages.warning(
            request, gettext("Choose %(most)s people at most at a time.") % {"most": AT_ONCE}
        )
        return redirect("admin:enrolment_student_changelist")
    signed_up = leaving(chosen)
    rows = [
        (
            each.name,
            contact_in_words(email=each.email, phone=each.phone),
            [str(enrolment.run) for enrolment in signed_up.get(each.pk, [])],
        )
        for each in chosen
    ]
    return page(
        request,
        "admin/erase_several.html",
        ngettext(
            "Erase everything about %(count)s person?",
            "Erase everything about %(count)s people?",
            len(rows),
        )
        % {"count": len(rows)},
        rows=rows,
        sentences=[
            gettext(
                "Only when they have asked for it, or nobody is behind the name: made-up sign-ups. "
                "Whoever has only withdrawn stays."
            ),
            gettext("Places are given back, and go to those who are waiting."),
            gettext(
                "Names, contact, letters and what they wrote are deleted. Certificates lose their "
                "name here, and cannot be printed again. It cannot be undone."
            ),
        ],
        hidden=[(CHOSEN, each.pk) for each in chosen],
        action=reverse("admin:erase_several"),
        button=gettext("Erase everything"),
        back_url=reverse("admin:enrolment_student_changelist"),
    )


def _erase(request: HttpRequest, people: list[Student]) -> Erased | None:
    """Erase them and tell who moved up; None where the list cannot be written to."""
    try:
        erased = erase_all(students=people, by=request.user)
    except ErasuresNotKept:
        not_erased(request)
        return None
    for run in erased.runs.values():
        tell_who_moved_up(request, run, erased.at)
    return erased


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            "enrolment/student/<int:student_id>/erase/",
            site.admin_view(erase_page),
            name="erase",
        ),
        path(
            "enrolment/student/erase/",
            site.admin_view(erase_several),
            name="erase_several",
        ),
    ]
