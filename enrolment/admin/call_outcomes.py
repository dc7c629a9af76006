"""What came of calls and letters on the call list, written down and taken back."""

import re
from collections.abc import Collection

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext

from enrolment import services
from enrolment.admin import call_list, undo
from enrolment.admin.call_list import (
    LETTERS,
    ON_PAPER,
    Whom,
    anchor_of,
    back_to_list,
    place_anchor,
    waiting_people,
    whom_of,
)
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import not_written_down
from enrolment.models import Enrolment, Letter, Student

TAKE_BACK = "take_back"  # what was pressed by mistake


def read_shown(request: HttpRequest) -> dict[int, str]:
    """By the letter's key, the fingerprint of what the page showed. Empty where nothing is sent."""
    pairs = re.findall(r"\b([0-9]{1,18}):([0-9a-f]{0,64})", request.POST.get("letters", ""))
    return {int(pk): said for pk, said in pairs}


@permission_required("enrolment.change_letter", raise_exception=True)
def letter_outcomes(request: HttpRequest) -> HttpResponse:
    """What came of the letters that the page showed of one person, or of a printed pile."""
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:call_list")
    shown = read_shown(request)
    outcome = request.POST.get("outcome", "")
    letters = list(
        Letter.objects.filter(pk__in=shown)
        .select_related(*Letter.RECIPIENTS, "enrolment")
        .order_by("owed_since", "pk")
    )
    if not letters or outcome not in ("again", TAKE_BACK, *Letter.Outcome.values):
        not_written_down(request)
        return redirect("admin:call_list")
    if outcome == TAKE_BACK:
        return _take_back(request, shown)
    before = list(waiting_people())
    left: list[Letter] = []
    name = letters[0].recipient.known_as
    if outcome == "again":
        for letter in letters:
            if letter.failed_at is not None:
                services.send_again(letter=letter, by=request.user)
        messages.success(request, gettext("Sent again: %(name)s.") % {"name": name})
    else:
        left = services.record_letter_outcomes(said=shown, outcome=outcome, by=request.user)
        done = [each for each in letters if each not in left]
        if "is_pile" in request.POST:
            return _after_the_pile(request, done=done, left=left)
        if done:
            words = gettext("Written down: %(name)s.") % {"name": name}
            if outcome == Letter.Outcome.UNREACHED:
                messages.success(request, words)
            else:
                undo.success(request, words, **_taking_back(done))
    here = whom_of(letters[0])
    still = list(waiting_people())
    is_not_done = here in still and outcome not in ("again", Letter.Outcome.UNREACHED)
    if left:
        messages.warning(
            request,
            gettext(
                "Not written down: something has changed while you had the page open. Here is "
                "what to say now."
            ),
        )
    elif is_not_done:
        messages.info(request, gettext("Something new has come meanwhile. Here it is."))
    if "from_receipt" in request.POST and letters[0].enrolment and not left:
        return redirect("admin:run_people", letters[0].enrolment.run_id)
    if is_not_done:
        return back_to_list(anchor_of(here), is_new=True)
    return back_to_list(_next_after(here, before, still))


def _next_after(here: Whom, before: list[Whom], still: list[Whom]) -> str:
    """Where the list goes on: with whoever came next, or at its end the last one who is left."""
    number = before.index(here) if here in before else 0
    later = [each for each in before[number:] if each in still and each != here]
    earlier = [each for each in before[:number] if each in still]
    following = later[:1] or earlier[-1:]
    return anchor_of(following[0]) if following else LETTERS


def _taking_back(done: list[Letter]) -> dict[str, str]:
    """Where, and with which fields, it is undone that these letters were dealt with."""
    keys = " ".join(f"{each.pk}:" for each in done)
    return {"undo": reverse("admin:letter_outcomes"), "letters": keys, "outcome": TAKE_BACK}


def _take_back(request: HttpRequest, shown: Collection[int]) -> HttpResponse:
    """To the letters that wait again, with whom it is about."""
    again = services.take_back_letter_outcomes(letters=shown, by=request.user)
    if again:
        names = ", ".join(dict.fromkeys(each.recipient.known_as for each in again))
        words = gettext("Undone: %(names)s stands on the list again.")
        messages.success(request, words % {"names": names})
    if len(again) < len(shown):
        messages.warning(
            request,
            gettext("Not undone: something has happened since that counts on what was told."),
        )
    whom = {whom_of(each) for each in again}
    still = set(waiting_people())
    return back_to_list(anchor_of(whom.pop()) if len(whom) == 1 and whom <= still else LETTERS)


def _after_the_pile(
    request: HttpRequest, *, done: list[Letter], left: list[Letter]
) -> HttpResponse:
    if done:
        words = ngettext(
            "%(count)s letter is marked as posted.",
            "%(count)s letters are marked as posted.",
            len(done),
        )
        undo.success(request, words % {"count": len(done)}, **_taking_back(done))
    if left:
        names = ", ".join(dict.fromkeys(each.recipient.known_as for each in left))
        messages.warning(
            request,
            gettext(
                "Not marked, because what is to be said has changed since the page was opened: "
                "%(names)s. Do not post those letters; print them anew."
            )
            % {"names": names},
        )
    on_paper = Letter.objects.for_staff().filter(channel=Student.Channel.PAPER)
    return back_to_list(ON_PAPER if on_paper.exists() else LETTERS)


@permission_required("enrolment.change_letter", raise_exception=True)
def send_all_again(request: HttpRequest) -> HttpResponse:
    """The mail server is mended: every e-mail that waits is tried at once."""
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:index")
    number = services.send_all_again(by=request.user)
    messages.success(
        request,
        ngettext(
            "%(count)s letter is tried again now.", "%(count)s letters are tried again now.", number
        )
        % {"count": number},
    )
    return redirect("admin:index")


@permission_required("enrolment.change_enrolment", raise_exception=True)
def call_outcome(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:call_list")
    enrolment = get_object_or_404(Enrolment.objects.select_related("student"), pk=enrolment_id)
    outcome = request.POST.get("outcome", "")
    try:
        if outcome == "reopen":
            services.reopen_call(enrolment=enrolment, by=request.user)
        elif outcome in Enrolment.CallOutcome.values:
            services.record_call(enrolment=enrolment, outcome=outcome, by=request.user)
    except services.EnrolmentError as refusal:
        messages.warning(request, " ".join(refusal_messages(refusal)))
    else:
        name = {"name": enrolment.student}
        if outcome == "reopen":
            words = gettext("Back on the call list: %(name)s.")
            messages.success(request, words % name)
        elif outcome == Enrolment.CallOutcome.YES:
            messages.success(request, gettext("Written down: %(name)s.") % name)
        else:
            words = gettext("Written down: %(name)s.") % name
            here = reverse("admin:call_outcome", args=[enrolment.pk])
            undo.success(request, words, undo=here, outcome="reopen")
        # Whoever said yes on the phone is told the rest there and then.
        if outcome == Enrolment.CallOutcome.YES and enrolment.letters.for_staff().exists():
            return redirect("admin:receipt", enrolment.pk)
    return back_to_list(place_anchor(enrolment.run_id))


def letter_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("calls/", site.admin_view(call_list.call_list), name="call_list"),
        path("calls/outcome/", site.admin_view(letter_outcomes), name="letter_outcomes"),
        path("again/", site.admin_view(send_all_again), name="send_all_again"),
        path("<int:letter_id>/paper/", site.admin_view(call_list.paper), name="letter_paper"),
    ]


def enrolment_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:enrolment_id>/call/", site.admin_view(call_outcome), name="call_outcome")]
