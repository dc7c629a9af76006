"""Letters that do not hold any more: marked as overtaken, by what holds instead."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import CourseRun
from enrolment.models import Enrolment, Interest, Letter
from enrolment.models.letters import LetterQuerySet


def overtake_untrue() -> int:
    """Mark unsent letters that do not hold any more as overtaken, by what; returns how many.

    Those that staff would have to say or post end with their run. What a worker holds is its own.
    """
    now = timezone.now()
    unsent = Letter.objects.unsent().filter(claimed_by=None)
    still_true = Letter.objects.unsent().still_true(now)
    over = Letter.objects.unsent().by_hand().of_runs_over(now)
    return overtake(unsent.filter(~Q(pk__in=still_true.values("pk")) | Q(pk__in=over.values("pk"))))


@transaction.atomic
def overtake(found: LetterQuerySet) -> int:
    """Mark letters as overtaken by what holds now instead; how many.

    Whoever was to be told that a course is held again, and is not, waits to be told once more.
    """
    now = timezone.now()
    by: dict[str, list[int]] = {}
    letters = list(
        found.filter(sent_at=None, overtaken_at=None).select_related(
            "enrolment__run", "run", "session"
        )
    )
    for letter in _let_wait_again(letters):
        by.setdefault(_what_holds_instead(letter), []).append(letter.pk)
    for reason, keys in by.items():
        Letter.objects.filter(pk__in=keys, sent_at=None, overtaken_at=None).update(
            claimed_by=None, overtaken_at=now, overtaken_by=reason, sealed=""
        )
    return sum(map(len, by.values()))


def _let_wait_again(letters: list[Letter]) -> list[Letter]:
    """Let whoever asked to be told wait to be told after all. Returns the letters without those
    that are true again: a run that is published meanwhile waits for these people's rows.
    """
    asked = [each.interest_id for each in letters if each.interest_id is not None]
    if not asked:
        return letters
    rows = Interest.objects.select_for_update(no_key=True).filter(pk__in=asked).order_by("pk")
    list(rows.values_list("pk"))
    true_again = Letter.objects.unsent().filter(interest__in=asked).still_true()
    hold = set(true_again.values_list("pk", flat=True))
    for each in letters:
        if each.pk in hold and each.claimed_by is not None:
            Letter.objects.filter(pk=each.pk, claimed_by=each.claimed_by).update(claimed_by=None)
    gone = [each for each in letters if each.pk not in hold]
    told = [each.interest_id for each in gone if each.interest_id is not None]
    Interest.objects.filter(pk__in=told).update(told_at=None)
    return gone


def _what_holds_instead(letter: Letter) -> Letter.OvertakenBy:
    enrolment, by = letter.enrolment, Letter.OvertakenBy
    if letter.kind == Letter.Kind.ERASURE:
        return by.KEPT
    if letter.kind == Letter.Kind.CERTIFICATE:
        return by.SWITCHED_OFF
    if letter.tutor_id is not None and letter.run is not None:
        return _what_holds_for_tutor(letter, letter.run)
    if letter.interest_id is not None and letter.run is not None:
        if letter.run.is_cancelled:
            return by.CANCELLED
        return by.NOTHING_LEFT if letter.run.is_draft else by.OVER
    if letter.kind in Letter.TO_ADDRESSES or letter.user_id is not None:
        return by.NOTHING_LEFT
    if enrolment is None:
        return by.OVER
    in_run = Enrolment.objects.filter(student=enrolment.student_id, run=enrolment.run_id)
    newest = in_run.oldest_first().last()
    status = newest.status if newest else enrolment.status
    if letter.kind != Letter.Kind.WITHDRAWN and status == Enrolment.Status.WITHDRAWN:
        return by.WITHDRAWN
    if enrolment.run.status == CourseRun.Status.CANCELLED and letter.kind != Letter.Kind.CANCELLED:
        return by.CANCELLED
    if letter.kind == Letter.Kind.COMING:
        return _what_holds_for_reminder(letter)
    if enrolment.run.is_finished() or letter.is_beside:
        return by.OVER
    if letter.kind == Letter.Kind.CHANGED:
        return by.NOTHING_LEFT
    if letter.kind == Letter.Kind.MISSED:
        return by.SWITCHED_OFF
    return by.PLACE if status == Enrolment.Status.PLACE else by.WAITING


def _what_holds_for_reminder(letter: Letter) -> Letter.OvertakenBy:
    by, session = Letter.OvertakenBy, letter.session
    if session is None or session.is_cancelled or session.starts_at != letter.urgent_for:
        return by.MOVED
    if session.starts_at <= timezone.now():
        return by.OVER
    same = Letter.objects.filter(kind=letter.kind, enrolment=letter.enrolment_id, session=session)
    return by.FOLDED if same.filter(pk__gt=letter.pk).exists() else by.SWITCHED_OFF


def _what_holds_for_tutor(letter: Letter, run: CourseRun) -> Letter.OvertakenBy:
    by = Letter.OvertakenBy
    if run.is_cancelled:
        return by.CANCELLED
    has_begun = letter.urgent_for is not None and letter.urgent_for <= timezone.now()
    if has_begun or run.is_finished():
        return by.OVER
    if letter.kind == Letter.Kind.REMINDER:
        return by.MOVED
    is_taken_back = run.is_draft or letter.kind == Letter.Kind.UNASSIGNED
    # A change of which nothing is left, to somebody who does lead the run.
    if is_taken_back or Letter.objects.filter(pk=letter.pk).still_true().exists():
        return by.NOTHING_LEFT
    return by.UNASSIGNED
