"""What must hold of places, queue and letters, as checks over whatever is in the database."""

from collections import Counter

from django.db.models import Count, Sum
from django.utils import timezone

from courses.models import CourseRun
from enrolment.models import Enrolment, Event, Letter

Status = Enrolment.Status

STATUS_LETTERS = {"place", "waiting", "promoted", "withdrawn"}


def check_counters(run: CourseRun) -> None:
    """Invariant 1: the counters are the sums, and the places are within the capacity."""
    rows = Enrolment.objects.filter(run=run)
    taken = rows.filter(status="place").aggregate(sum=Sum("places"))["sum"] or 0
    waiting = rows.filter(status="waiting").count()
    assert (run.places_taken, run.waiting) == (taken, waiting)
    assert 0 <= run.places_taken <= (run.capacity or 0)


def check_nobody_forgotten(run: CourseRun) -> None:
    """Invariant 2: before the close nobody at the head of the queue would fit."""
    if not run.is_published or not run.fills_by_itself(timezone.now()):
        return
    head = Enrolment.objects.filter(run=run, status="waiting").order_by("pk").first()
    assert head is None or head.places > run.capacity - run.places_taken


def check_one_live_row(run: CourseRun) -> None:
    """Invariant 3: one live row for each student."""
    twice = (
        Enrolment.objects.filter(run=run, status__in=["place", "waiting"])
        .values("student")
        .annotate(rows=Count("pk"))
        .filter(rows__gt=1)
    )
    assert list(twice) == []


def letters_due(enrolment: Enrolment) -> Counter[str]:
    """The letters that the changes of one row's status must have left, read off its moments."""
    due: Counter[str] = Counter()
    if enrolment.placed_at == enrolment.enrolled_at or (
        enrolment.placed_at
        and not Letter.objects.filter(enrolment=enrolment, kind="waiting").exists()
    ):
        due["place"] += 1
    else:
        due["waiting"] += 1
        if enrolment.placed_at:
            due["promoted"] += 1
    # Taken out without a letter, where two records of a person became one: the named exception.
    if enrolment.withdrawn_at and enrolment.merged_into is None:
        due["withdrawn"] += 1
    return due


def check_letters_and_events(enrolment: Enrolment) -> None:
    """Invariant 4: each change of status left exactly one letter and one event."""
    first_letters = Letter.objects.filter(
        enrolment=enrolment,
        dedupe_key__in=[f"{kind}:{enrolment.pk}" for kind in STATUS_LETTERS],
    )
    due = letters_due(enrolment)
    if enrolment.student.can_be_reached:
        assert Counter(first_letters.values_list("kind", flat=True)) == due
    events = Counter(
        Event.objects.filter(
            subject="enrolment",
            subject_id=enrolment.pk,
            verb__in=["enrolled", "got_place", "withdrew", "merged_place"],
        ).values_list("verb", flat=True)
    )
    assert events == Counter(
        {
            "enrolled": 1,
            **({"got_place": 1} if due["promoted"] else {}),
            **({"withdrew": 1} if due["withdrawn"] else {}),
            **({"merged_place": 1} if enrolment.merged_into else {}),
        }
    )


def check_run(run: CourseRun) -> None:
    run = CourseRun.objects.get(pk=run.pk)
    if run.entry != "sign_up":
        assert (run.places_taken, run.waiting, run.capacity) == (0, 0, None)
        assert not run.enrolments.exists()
        return
    check_counters(run)
    check_nobody_forgotten(run)
    check_one_live_row(run)


def check_all() -> None:
    """Every run and every enrolment there is."""
    for run in CourseRun.objects.all():
        check_run(run)
    for enrolment in Enrolment.objects.select_related("student"):
        check_letters_and_events(enrolment)
