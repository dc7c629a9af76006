"""«Tell me when it is held again»: asking for it, being told once, and an end to it.

It decides nothing: whoever is told signs up as everybody does.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from courses.models import Course, CourseRun
from enrolment.events import log_all
from enrolment.models import Interest, Letter
from enrolment.models.recipients import channel_of
from enrolment.services.letter_outcomes import FRESH


@transaction.atomic
def ask_to_be_told(
    *,
    course: Course,
    name: str,
    email: str,
    phone: str,
    language: str,
    now: datetime | None = None,
) -> None:
    """Note down that somebody wants to be told when the course is held again.

    Asking twice is asking once, and who asked first stays first; whoever has been told already, and
    asks again, is told again. The same three statements for somebody new and somebody known.
    """
    now = now or timezone.now()
    Interest.objects.bulk_create(
        [
            Interest(
                course=course,
                name=name,
                email=email,
                phone=phone,
                language=language,
                asked_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    known = Interest.objects.filter(course=course, email=email)
    if not email:
        known = known.filter(phone=phone)
    # What did not arrive is tried again.
    failed = Letter.objects.unsent().filter(failed_at__isnull=False, interest__in=known)
    failed.order_by().update(**FRESH)
    untold = Letter.objects.unsent().filter(interest=OuterRef("pk"))
    known.filter(~Exists(untold), told_at__isnull=False).update(told_at=None, asked_at=now)


@transaction.atomic
def keep_interest(*, interest: Interest, now: datetime | None = None) -> None:
    """Tell them the next time, too: as of now, behind whoever asked before. Twice is once."""
    now = now or timezone.now()
    told = Interest.objects.filter(pk=interest.pk, told_at__isnull=False)
    told.update(told_at=None, asked_at=now)


@transaction.atomic
def end_interest(*, interest: Interest) -> None:
    """Delete what they wrote, with every letter to them. Ending it twice is ending it once."""
    delete_interests(Interest.objects.filter(pk=interest.pk))


@transaction.atomic
def end_interests_at(*, contact: str, by: Any) -> int:
    """Delete all that was asked for at an e-mail address or number (E.164), as they wanted by
    phone; how many there were.
    """
    found = list(Interest.objects.at(contact).only("pk"))
    log_all("ended_interest", found, by=by)
    delete_interests(Interest.objects.filter(pk__in=[each.pk for each in found]))
    return len(found)


@transaction.atomic
def purge_interests(*, now: datetime, dry_run: bool = False) -> int:
    """Delete what is older than `INTEREST_YEARS`, and what was told `INTEREST_TOLD_DAYS` ago.

    Whoever is still to be rung has not been told.
    """
    asked_before = now - timedelta(days=365 * settings.INTEREST_YEARS)
    told_before = now - timedelta(days=settings.INTEREST_TOLD_DAYS)
    untold = Exists(Letter.objects.unsent().filter(interest=OuterRef("pk")))
    old = Interest.objects.filter(
        Q(asked_at__lt=asked_before) | (Q(told_at__lt=told_before) & ~untold)
    )
    if dry_run:
        return old.count()
    purged = list(old.only("pk"))
    log_all("purged", purged)
    delete_interests(Interest.objects.filter(pk__in=[each.pk for each in purged]))
    return len(purged)


def delete_interests(interests: Any) -> None:
    # Locked before their letters go, so that no publication owes them another one meanwhile.
    keys = list(interests.select_for_update().order_by("pk").values_list("pk", flat=True))
    Letter.objects.filter(interest__in=keys).delete()
    Interest.objects.filter(pk__in=keys).delete()


def owe_held_again(run: CourseRun, *, now: datetime) -> int:
    """Owe whoever asked for it the news that the course is held again, once, in their order.

    Nothing for a run that nobody can join any more, and nothing for who is about to be told of
    another one: that letter tells of this one, too. Returns how many are told. Called under the
    run's lock, and locks what the course's people asked for: two runs may be published at once.
    """
    # Locked by key, as everywhere.
    asked = Interest.objects.filter(course=run.course_id).order_by("pk")
    locked = asked.select_for_update(no_key=True)
    waiting = sorted(
        (each for each in locked if each.told_at is None),
        key=lambda each: (each.asked_at, each.pk),
    )
    if not waiting or not CourseRun.objects.can_be_joined(now).filter(pk=run.pk).exists():
        return 0
    # A run that was a draft in between is no news to whoever was told of it.
    about_this = Letter.objects.filter(run=run, interest__in=waiting, sent_at__isnull=False)
    told = about_this.filter(sent_at__gt=F("interest__asked_at")).order_by()
    knowing = set(told.values_list("interest", flat=True))
    Letter.objects.bulk_create(
        Letter(
            dedupe_key=f"{Letter.Kind.INTEREST}:{each.pk}:{run.pk}:{now.timestamp():.6f}",
            interest=each,
            run=run,
            kind=Letter.Kind.INTEREST,
            channel=channel_of(each),
            owed_since=now,
        )
        for each in waiting
        if each.pk not in knowing
    )
    Interest.objects.filter(pk__in=[each.pk for each in waiting]).update(told_at=now)
    return len(waiting) - len(knowing)


def let_wait_for_another(run: CourseRun) -> None:
    """Whoever was told that this run is held is told of another one: it is a draft again.

    Called under the run's lock.
    """
    told = Letter.objects.filter(run=run, interest__isnull=False, sent_at__isnull=False)
    untold = Letter.objects.unsent().filter(interest=OuterRef("pk"))
    keys = list(
        Interest.objects.filter(~Exists(untold), pk__in=told.order_by().values("interest"))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    Interest.objects.filter(pk__in=keys).update(told_at=None)
