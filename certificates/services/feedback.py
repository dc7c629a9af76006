"""Feedback on a run: its address, the answers, and that they are closed.

No event tells of an answer, and none of these rows bears its moment: nobody is to find out who
answered by when it was. What is counted against machines is tries of a network, as everywhere.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from certificates.models import QUESTIONS, STEPS, Feedback
from certificates.models.feedback import no_counts
from certificates.services.errors import FeedbackClosed, NothingAnswered
from certificates.services.feedback_wordings import current_wordings
from courses.models import CourseRun
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.services import lock_run
from courses.web import throttle
from courses.web.throttle import RateLimit
from enrolment.events import log
from enrolment.models import Enrolment
from enrolment.services import owe_feedback_letters


def can_be_asked(run: CourseRun, now: datetime | None = None) -> bool:
    """Whether the run may get an address: before it, too, until that would take no answers."""
    ends_at = run.ends_at
    now = now or timezone.now()
    asked_until = ends_at and ends_at + timedelta(days=settings.FEEDBACK_DAYS)
    return run.is_published and asked_until is not None and now < asked_until


@transaction.atomic
def make_feedback(*, run: CourseRun, by: Any = None, now: datetime | None = None) -> Feedback:
    """The run's feedback, with its address; made now where it has none. Twice is once.

    The questions stay as they are now. Raises FeedbackClosed where the run is over for too long,
    cancelled, or a draft.
    """
    locked = lock_run(run.pk)
    found = Feedback.objects.filter(run=locked).first()
    if found is None:
        if not can_be_asked(locked, now):
            raise FeedbackClosed
        found = Feedback.objects.create(run=locked, wordings=current_wordings())
        log("made_feedback", found, by=by, now=now)
    found.run = locked
    return found


def ask_for_feedback(*, now: datetime | None = None) -> int:
    """Give every run that ends soon its address, and owe whoever had a place on one that has ended
    the letter with it.

    Called every night, it owes nobody anything twice. Returns how many letters are owed. Without a
    run that ends one query; else a few for each.
    """
    now = now or timezone.now()
    asked_since = now - timedelta(days=settings.FEEDBACK_DAYS)
    runs = (
        CourseRun.objects.filter(status=CourseRun.Status.PUBLISHED)
        .annotate(last=Max("sessions__ends_at", filter=Q(sessions__cancelled_at=None)))
        .filter(last__gt=asked_since, last__lte=now + timedelta(days=settings.FEEDBACK_MADE_DAYS))
        .select_related("feedback")
        .prefetch_related("sessions")
        .order_by("pk")
    )
    owed = 0
    for run in runs:
        feedback = getattr(run, "feedback", None) or make_feedback(run=run, now=now)
        if run.is_finished(now) and feedback.is_open(now):
            enrolments = list(
                Enrolment.objects.with_place().filter(run=run).select_related("student")
            )
            owed += owe_feedback_letters(enrolments=enrolments, key=feedback.key, now=now)
    return owed


def count_feedback(*, network: str) -> bool:
    """Count one answer; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="feedback", who=network, most=settings.FEEDBACK_PER_HOUR)
    )


def was_answered(*, form_id: str) -> bool:
    """Whether this very page was sent before: pressed twice, it is one answer. One statement.

    Kept is a keyed hash of the page's random number, until the night.
    """
    return throttle.goes_beyond(RateLimit(what="page of feedback", who=form_id, most=1))


@transaction.atomic
def answer(
    *,
    feedback: Feedback,
    steps: Sequence[int | None],
    words: str = "",
    on_paper: bool = False,
    now: datetime | None = None,
) -> None:
    """Add one answer to the others: for each question its step, from 1, or None; and words.

    What others wrote is written anew along with it, in random order. `on_paper` is what staff type
    in, a while longer. Raises FeedbackClosed, NothingAnswered, and ValidationError for a national
    identity number.
    """
    if len(steps) != QUESTIONS or any(each not in (None, *_STEPS) for each in steps):
        raise ValueError("An answer has one of the steps, or none, for each question.")
    words = words.strip()
    if not words and not any(steps):
        raise NothingAnswered
    validate_no_identity_number(words)
    current = _lock(feedback)
    if not (current.takes_paper(now) if on_paper else current.is_open(now)):
        raise FeedbackClosed
    for counts, step in zip(current.counts, steps, strict=True):
        if step is not None:
            counts[step - 1] += 1
    if words:
        current.words = _shuffled([*current.words, words])
    current.answered += 1
    current.save(update_fields=["counts", "words", "answered"])


_STEPS = range(1, len(STEPS) + 1)


def close_feedback(*, now: datetime, dry_run: bool = False) -> int:
    """Close what takes no answers any more; delete those that fewer than `FEEDBACK_SHOWN_FROM`
    people gave, and return of how many runs.

    Called every night. From then on the results are shown, and nothing changes them but that words
    are taken out. Also where the run was cancelled after all.
    """
    ended = Feedback.objects.not_closed().select_related("run").prefetch_related("run__sessions")
    old = [each for each in ended.order_by("pk") if _is_over(each, now)]
    if dry_run:
        return sum(0 < each.answered < settings.FEEDBACK_SHOWN_FROM for each in old)
    return sum(_close(each, now) for each in old)


@transaction.atomic
def _close(feedback: Feedback, now: datetime) -> bool:
    """Whether there were answers that had to be deleted."""
    current = _lock(feedback)
    if current.closed_at is not None or not _is_over(current, now):
        return False
    are_deleted = 0 < current.answered < settings.FEEDBACK_SHOWN_FROM
    if current.answered < settings.FEEDBACK_SHOWN_FROM:
        current.answered, current.counts, current.words = 0, no_counts(), []
    current.closed_at = now
    current.save(update_fields=["answered", "counts", "words", "closed_at"])
    return are_deleted


def _is_over(feedback: Feedback, now: datetime) -> bool:
    typed_until = feedback.typed_until
    if feedback.run.is_cancelled or typed_until is None:
        # Nobody is asked about it; what was answered meanwhile has its time, too.
        return feedback.run.is_cancelled
    return typed_until <= now


@transaction.atomic
def remove_words(*, feedback: Feedback, words: str, by: Any, now: datetime | None = None) -> None:
    """Take out what somebody wrote, because it names a third person. Twice is once."""
    current = _lock(feedback)
    if words in current.words:
        current.words.remove(words)
        current.save(update_fields=["words"])
        log("removed_words", current, by=by, now=now)


@transaction.atomic
def purge_feedback_words(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what people wrote, `FEEDBACK_WORDS_DAYS` after it was shown; of how many runs."""
    old = Feedback.objects.filter(
        closed_at__lt=now - timedelta(days=settings.FEEDBACK_WORDS_DAYS)
    ).exclude(words=[])
    return old.count() if dry_run else old.update(words=[])


def _lock(feedback: Feedback) -> Feedback:
    """The row as it is now, locked until the transaction ends, with its run."""
    return (
        Feedback.objects.select_for_update(of=("self",)).select_related("run").get(pk=feedback.pk)
    )


def _shuffled(words: list[str]) -> list[str]:
    """In an order that nobody can work out."""
    return random.SystemRandom().sample(words, len(words))
