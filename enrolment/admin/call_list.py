"""The call list: who, why and which number; what came of it is `call_outcomes`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.decorators import permission_required
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, ngettext

from courses.models import CourseRun, Tutor
from enrolment.admin.printed_letters import PaperLetter, printed
from enrolment.admin.run_pages import page
from enrolment.letters import as_of_now, come_to_nothing
from enrolment.models import Enrolment, Letter, Recipient, Student
from enrolment.queries import runs_to_call_for

# Whom a letter is to: the keys of a student, a tutor, a user and an interest; one of them is there.
Whom = tuple[int | None, int | None, int | None, int | None]
# Where the parts of the page begin that are not about one person.
LETTERS, ON_PAPER = "letters", "on-paper"


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


def whom_of(letter: Letter) -> Whom:
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
        whom = whom_of(letter)
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
    waiting = waiting_people()
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


def waiting_people() -> dict[Whom, list[_Unwritten]]:
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


@permission_required("enrolment.view_letter", raise_exception=True)
def paper(request: HttpRequest, letter_id: int) -> HttpResponse:
    found = Letter.objects.select_related(*Letter.RECIPIENTS)
    letter = get_object_or_404(found, pk=letter_id)
    return page(request, "admin/paper.html", gettext("Letter on paper"), paper=printed(letter))
