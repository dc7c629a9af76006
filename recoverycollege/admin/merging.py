"""Two records of one person become one: choose the other, read what happens, one button."""

from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.norwegian.formatting import phone
from enrolment.admin.run_pages import page, tell_who_moved_up
from enrolment.finding import Wanted, contact_in_words, find_students, look_alikes
from enrolment.models import Enrolment, Student
from recoverycollege.people.merging import (
    MergeChanged,
    NotTwoPeople,
    PlannedMerge,
    merge,
    plan_merge,
    suggest_kept,
)

SHOWN = "shown"  # by its fingerprint, what the page said would happen
HITS = 20

CONTACT_LABELS = {
    "email": _("e-mail"),
    "phone": _("phone"),
    "postal_address": _("postal address"),
}


class Choice(NamedTuple):
    """Another record that may be meant; the template unpacks it."""

    name: str
    contact: str
    url: str


class MergeForm(forms.Form):
    """What must be chosen: where both have an address, or number, and they differ."""

    def __init__(self, *args: Any, kept: Student, gone: Student, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        for name, label in CONTACT_LABELS.items():
            own, other = getattr(kept, name), getattr(gone, name)
            if own and other and own != other:
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=[
                        ("kept", _written(name, own)),
                        ("gone", _written(name, other)),
                    ],
                    initial="kept",
                    widget=forms.RadioSelect,
                )
        if {"email", "phone"} & self.fields.keys():
            self.fields["links"] = forms.ChoiceField(
                label=_("links in letters to what is not kept"),
                choices=[
                    ("work", _("It is still theirs, or was: the links go on working")),
                    ("end", _("It was wrong, or is somebody else's now: the links stop working")),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose what becomes of the links.")},
            )

    @property
    def take(self) -> list[str]:
        """What is taken from the other record; the form must be valid."""
        return [name for name in CONTACT_LABELS if self.cleaned_data.get(name) == "gone"]


def _written(name: str, value: str) -> str:
    return phone(value) if name == "phone" else ", ".join(value.splitlines())


@permission_required("enrolment.change_student", raise_exception=True)
def choose(request: HttpRequest, student_id: int) -> HttpResponse:
    """Which record is the same person: those that look like it, or by searching. By POST alone."""
    student = get_object_or_404(Student.objects.known(), pk=student_id)
    written = request.POST.get("other", "").replace("\0", "").strip()[:200]
    found = [each for each in find_students(Wanted(written)) if each.pk != student.pk]
    alike = look_alikes(
        name=student.name, email=student.email, phone=student.phone, besides=[student.pk]
    )
    return page(
        request,
        "admin/merge_choose.html",
        gettext("Merge with …"),
        subtitle=student.name,
        alike=[_choice(student, each) for each in alike],
        found=[_choice(student, each) for each in found[:HITS]],
        is_cut=len(found) > HITS,
        other=written,
        back_url=reverse("admin:enrolment_student_change", args=[student.pk]),
    )


def _why_not(refusal: ValidationError) -> list[str]:
    """A row that is not unique is met by a third one; anything else says itself what it is."""
    if NON_FIELD_ERRORS not in refusal.message_dict:
        return list(refusal.messages)
    return [
        gettext(
            "There is a third record with this name and this e-mail address or phone number. "
            "Merge that one first."
        )
    ]


def _choice(student: Student, other: Any) -> Choice:
    url = reverse("admin:merge", args=[student.pk, other.pk])
    return Choice(other.name, contact_in_words(email=other.email, phone=other.phone), url)


@permission_required("enrolment.change_student", raise_exception=True)
def merge_page(request: HttpRequest, student_id: int, other_id: int) -> HttpResponse:
    """What happens, in sentences; then one button. With `keep`, the first one stays as it is."""
    one, other = (
        get_object_or_404(Student.objects.known(), pk=pk) for pk in (student_id, other_id)
    )
    has_chosen = "keep" in request.GET or request.method == "POST"
    kept, gone = (one, other) if has_chosen else suggest_kept(one, other)
    form = MergeForm(request.POST if request.method == "POST" else None, kept=kept, gone=gone)
    if request.method == "POST" and form.is_valid():
        try:
            merged = merge(
                kept=kept,
                gone=gone,
                shown=request.POST.get(SHOWN, ""),
                take=form.take,
                links_end=form.cleaned_data.get("links") == "end",
                by=request.user,
            )
        except MergeChanged:
            messages.warning(
                request,
                gettext("Something has changed meanwhile. Nothing is done yet: read it once more."),
            )
            kept, gone = (get_object_or_404(Student, pk=each.pk) for each in (kept, gone))
            form = MergeForm(None, kept=kept, gone=gone)
        except NotTwoPeople:
            # Pressed twice, or by two colleagues: they are one already.
            if kept.pk != gone.pk and Student.objects.known().filter(pk=kept.pk).exists():
                return redirect("admin:enrolment_student_change", kept.pk)
            return redirect("admin:enrolment_student_changelist")
        except ValidationError as refusal:
            form.add_error(None, _why_not(refusal))
        else:
            messages.success(request, gettext("The two records are one now."))
            for run in merged.runs:
                tell_who_moved_up(request, run, merged.at)
            return redirect("admin:enrolment_student_change", merged.student.pk)
    try:
        plan = plan_merge(kept=kept, gone=gone)
    except NotTwoPeople:
        messages.warning(request, gettext("Choose another record than the one you began with."))
        return redirect("admin:merge_choose", kept.pk)
    return page(
        request,
        "admin/merge.html",
        gettext("Make these two one?"),
        subtitle=kept.name,
        form=form,
        plan=plan,
        kept_contact=contact_in_words(email=kept.email, phone=kept.phone),
        gone_contact=contact_in_words(email=gone.email, phone=gone.phone),
        sentences=_sentences(plan),
        action=reverse("admin:merge", args=[kept.pk, gone.pk]),
        swap_url=reverse("admin:merge", args=[gone.pk, kept.pk]) + "?keep",
        shown=plan.fingerprint,
        button=gettext("Merge them"),
        back_url=reverse("admin:enrolment_student_change", args=[one.pk]),
    )


def _sentences(plan: PlannedMerge) -> list[str]:
    """What happens, in the order in which it matters to somebody. No query."""
    name = {"kept": plan.kept.name, "gone": plan.gone.name}
    said = [
        gettext("«%(gone)s» goes, and everything it has is «%(kept)s»'s. This cannot be undone.")
        % name
    ]
    said += _contact_sentences(plan)
    for each in plan.moving:
        sentence = (
            gettext("The place on %(run)s follows.")
            if each.has_place
            else gettext("The spot on the waiting list of %(run)s follows, as it is.")
        )
        said.append(sentence % {"run": each.run})
    for pair in plan.twice:
        said.append(_twice(pair.stays, pair.goes, pair.places))
    if plan.twice:
        said.append(gettext("No letter is sent about the one that goes."))
    for run in plan.filling:
        said.append(
            gettext(
                "Then there is room on %(run)s for the first on the waiting list, who is told at "
                "once."
            )
            % {"run": run}
        )
    if plan.sessions_moving:
        said.append(
            ngettext(
                "%(count)s mark in the registers follows. Where both are marked in a session, "
                "«here» counts.",
                "%(count)s marks in the registers follow. Where both are marked in a session, "
                "«here» counts.",
                plan.sessions_moving,
            )
            % {"count": plan.sessions_moving}
        )
    for twice in plan.certified_twice:
        said.append(
            gettext(
                "Both have a certificate for %(run)s. Number %(stays)s stays valid; number "
                "%(goes)s is withdrawn."
            )
            % {
                "run": twice.stays.run,
                "stays": twice.stays.printed_number,
                "goes": twice.goes.printed_number,
            }
        )
    surplus = {each.run_id for pair in plan.certified_twice for each in (pair.stays, pair.goes)}
    for certificate in plan.certificates_moving:
        if certificate.run_id not in surplus:
            said.append(
                gettext("Certificate %(number)s follows, and prints the name as before.")
                % {"number": certificate.printed_number}
            )
    if plan.unsent_letters:
        said.append(
            gettext(
                "Letters that are not sent yet go to «%(kept)s». What is said twice, or is not so "
                "any more, is not sent."
            )
            % name
        )
    if not plan.contact.given_up:  # else it is asked
        words = gettext("Links and calendar addresses in older letters lead to «%(kept)s».")
        said.append(words % name)
    return said


def _contact_sentences(plan: PlannedMerge) -> list[str]:
    """What the record that stays lacks, and gets from the other one."""
    said = []
    for name, label in CONTACT_LABELS.items():
        value = plan.contact.fields[name]
        if value and not getattr(plan.kept, name):
            said.append(
                gettext("%(label)s is filled in from the other: %(value)s.")
                % {"label": str(label).capitalize(), "value": _written(name, value)}
            )
    said.append(
        gettext("Reached by: %(channel)s. Language of letters: %(language)s.")
        % {
            "channel": Student.Channel(plan.contact.fields["channel"]).label,
            "language": plan.kept.get_language_display(),
        }
    )
    return said


def _twice(stays: Enrolment, goes: Enrolment, places: int) -> str:
    facts = {"run": stays.run}
    if stays.has_place and not goes.has_place:
        sentence = gettext(
            "Both are on %(run)s: the place stays, and the one on the waiting list goes."
        )
    elif stays.has_place:
        sentence = gettext("Both have a place on %(run)s: one stays, the earlier one.")
    else:
        sentence = gettext(
            "Both are on the waiting list of %(run)s: the one that came first stays."
        )
    words = [sentence % facts]
    if places == 2:
        words.append(gettext("It is for two, with the companion."))
    elif goes.has_companion:
        words.append(gettext("It is for one: the companion on the other is not signed up."))
    return " ".join(words)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    route = "enrolment/student/<int:student_id>/merge/"
    return [
        path(route, site.admin_view(choose), name="merge_choose"),
        path(f"{route}<int:other_id>/", site.admin_view(merge_page), name="merge"),
    ]
