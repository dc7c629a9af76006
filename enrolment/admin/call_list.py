"""The call list: who, why, which number, and what came of it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, ngettext

from courses.models import CourseRun, Tutor
from enrolment import services
from enrolment.admin import undo
from enrolment.admin.printed_letters import PaperLetter, printed
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import not_written_down, page
from enrolment.letters import as_of_now, come_to_nothing
from enrolment.models import Enrolment, Letter, Recipient, Student
from enrolment.queries import runs_to_call_for

# Whom a letter is to: the keys of a student, a tutor, a user and an interest; one of them is there.
Whom = tuple[int | None, int | None, int | None, int | None]
# Where the parts of the page begin that are not about one person.
LETTERS, ON_PAPER = "letters", "on-paper"
TAKE_BACK = "take_back"  # what was pressed by mistake


@dataclass(frozen=True)
class FreePlace:
    """A run with a free place, and who is first in its queue."""

    run: CourseRun
    first: Enrolment | None
    called: list[Enrolment]

    @property
    def anchor(self) -> str:
        return place_anchor(self.run.pk)


def place_anchor(run_id: int) -> str:
    """Where on the page the run's free place stands."""
    return f"place-{run_id}"


def free_places() -> list[FreePlace]:
    """One query for the runs, one for their sessions and one for their queues."""
    runs = runs_to_call_for()
    queues: dict[int, list[Enrolment]] = {run.pk: [] for run in runs}
    for each in Enrolment.objects.waiting().filter(run__in=runs).select_related("student"):
        queues[each.run_id].append(each)
    return [
        FreePlace(
            run=run,
            first=next((each for each in queues[run.pk] if not each.call_outcome), None),
            called=[each for each in queues[run.pk] if each.call_outcome],
        )
        for run in runs
    ]


def _whom(letter: Letter) -> Whom:
    return letter.student_id, letter.tutor_id, letter.user_id, letter.interest_id


def anchor_of(whom: Whom) -> str:
    """Where on the page somebody's block begins. It stands in addresses: it tells of nobody."""
    return f"person-{salted_hmac(f'{__name__}.person', repr(whom)).hexdigest()[:16]}"


@dataclass(frozen=True)
class ToTell:
    """Somebody who must be told something, with all that is to be said to them now."""

    whom: Whom
    recipient: Recipient
    student: Student | None
    tutor: Tutor | None
    letters: list[tuple[Letter, PaperLetter]]

    @property
    def anchor(self) -> str:
        return anchor_of(self.whom)

    @property
    def is_interested(self) -> bool:
        """Whether they asked to be told when a course is held again, and are nobody else to us."""
        return self.letters[0][0].interest_id is not None

    @property
    def shown(self) -> str:
        return as_shown(self.letters)

    @property
    def is_on_paper(self) -> bool:
        return all(letter.channel == Student.Channel.PAPER for letter, _paper in self.letters)

    @property
    def has_failed(self) -> bool:
        return any(letter.failed_at for letter, _paper in self.letters)


def people_to_tell() -> list[ToTell]:
    """Everybody on the call list, the soonest session first, then whoever has waited longest.

    A fixed number of queries.
    """
    people: dict[Whom, ToTell] = {}
    for letter in as_of_now(Letter.objects.for_staff()):
        whom = _whom(letter)
        person = people.setdefault(
            whom, ToTell(whom, letter.recipient, letter.student, letter.tutor, [])
        )
        person.letters.append((letter, printed(letter, is_as_of_now=True)))
    return list(people.values())


@dataclass(frozen=True)
class Counted:
    """How many people the call list is about, for how many of them a session is so near that it is
    urgent, and how many e-mails on it did not arrive.
    """

    people: int
    urgent: int
    undelivered: int


def counted(to_call: list[CourseRun]) -> Counted:
    """The same people as on the page, without writing a letter.

    `to_call` are the runs with a free place to offer by phone. At most five queries.
    """
    waiting = _waiting()
    first: dict[int, Whom] = {}
    if to_call:
        queue = Enrolment.objects.to_call().filter(run__in=to_call)
        for run_id, student_id in queue.values_list("run_id", "student_id"):
            first.setdefault(run_id, (student_id, None, None, None))
    return Counted(
        people=len(waiting.keys() | set(first.values())),
        urgent=sum(any(each.is_urgent for each in letters) for letters in waiting.values()),
        undelivered=sum(each.has_failed for letters in waiting.values() for each in letters),
    )


class _Unwritten(NamedTuple):
    """A letter on the call list, as far as it is counted."""

    has_failed: bool
    is_urgent: bool


def _waiting() -> dict[Whom, list[_Unwritten]]:
    """Whom the page lists, in its order, with what they are to be told: not to be written."""
    now, changed = timezone.now(), Letter.Kind.CHANGED
    letters = list(
        Letter.objects.for_staff()
        .annotate(about=Coalesce("enrolment__run", "run"))
        .values_list(
            *("pk", "student", "tutor", "user", "interest", "failed_at", "urgent_for"),
            *("kind", "before", "about"),
        )
    )
    nothing_left = come_to_nothing(
        (pk, run, before)
        for pk, *_rest, kind, before, run in letters
        if kind == changed and before is not None
    )
    waiting: dict[Whom, list[_Unwritten]] = {}
    for pk, student, tutor, user, interest, failed_at, urgent_for, *_rest in letters:
        if pk not in nothing_left:
            letter = _Unwritten(failed_at is not None, urgent_for is not None and urgent_for > now)
            waiting.setdefault((student, tutor, user, interest), []).append(letter)
    return waiting


def as_shown(letters: Iterable[tuple[Letter, PaperLetter]]) -> str:
    """Letters and what the page shows of them, as one field of a form: see `read_shown`."""
    return " ".join(f"{letter.pk}:{paper.said}" for letter, paper in letters)


def read_shown(request: HttpRequest) -> dict[int, str]:
    """By the letter's key, the fingerprint of what the page showed. Empty where nothing is sent."""
    pairs = re.findall(r"\b([0-9]{1,18}):([0-9a-f]{0,64})", request.POST.get("letters", ""))
    return {int(pk): said for pk, said in pairs}


@permission_required("enrolment.view_letter", raise_exception=True)
def call_list(request: HttpRequest) -> HttpResponse:
    people, places = people_to_tell(), free_places()
    offered = {(each.first.student_id, None, None, None) for each in places if each.first}
    number = len({each.whom for each in people} | offered)
    title = gettext("Call list")
    if number:
        title = ngettext("Call list: %(count)s person", "Call list: %(count)s people", number) % {
            "count": number
        }
    on_paper = [
        each
        for person in people
        for each in person.letters
        if each[0].channel == Student.Channel.PAPER
    ]
    # What was written down is said where the list goes on, if that part of it is still there.
    anchors = {LETTERS, *(each.anchor for each in people), *(each.anchor for each in places)}
    if on_paper:
        anchors.add(ON_PAPER)
    at = request.GET.get("at", "")
    return page(
        request,
        "admin/call_list.html",
        title,
        people=people,
        free_places=places,
        on_paper=on_paper,
        on_paper_shown=as_shown(on_paper),
        at=at if at in anchors else "",
        is_new="new" in request.GET,
    )


def back_to_list(anchor: str, *, is_new: bool = False) -> HttpResponseRedirect:
    """To where the list goes on, with the message there; `is_new` opens what is to be said."""
    new = "&new=1" if is_new else ""
    return redirect(f"{reverse('admin:call_list')}?at={anchor}{new}#{anchor}")


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
    before = list(_waiting())
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
    here = _whom(letters[0])
    still = list(_waiting())
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
    whom = {_whom(each) for each in again}
    still = set(_waiting())
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
        name = {"name": enrolment.student.name}
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


@permission_required("enrolment.view_letter", raise_exception=True)
def paper(request: HttpRequest, letter_id: int) -> HttpResponse:
    found = Letter.objects.select_related(*Letter.RECIPIENTS)
    letter = get_object_or_404(found, pk=letter_id)
    return page(request, "admin/paper.html", gettext("Letter on paper"), paper=printed(letter))


def letter_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("calls/", site.admin_view(call_list), name="call_list"),
        path("calls/outcome/", site.admin_view(letter_outcomes), name="letter_outcomes"),
        path("again/", site.admin_view(send_all_again), name="send_all_again"),
        path("<int:letter_id>/paper/", site.admin_view(paper), name="letter_paper"),
    ]


def enrolment_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:enrolment_id>/call/", site.admin_view(call_outcome), name="call_outcome")]
