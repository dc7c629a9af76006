"""Who would like to help make courses: how they are reached, and that staff spoke with them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certificates.models import DeveloperOffer
from certificates.models.developer_offers import DeveloperOfferQuerySet
from courses.norwegian.names import normalise_name
from courses.web import throttle
from courses.web.throttle import RateLimit
from enrolment.events import log, log_all
from enrolment.models import Student


def count_offer(*, network: str) -> bool:
    """Count one offer; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="developer offer", who=network, most=settings.DEVELOPER_OFFERS_PER_HOUR)
    )


@transaction.atomic
def offer_to_develop(
    *, name: str, contact: str, language: str, now: datetime | None = None
) -> None:
    """Keep how somebody is reached who would like to help make courses; the day, and no more.

    Sent twice, it is offered once as long as nobody has spoken with them. Raises ValidationError.
    """
    offered = DeveloperOffer(
        name=name,
        contact=contact,
        language=language,
        offered_on=timezone.localdate(now or timezone.now()),
    )
    offered.full_clean()
    if not DeveloperOffer.objects.waiting().filter(name=name, contact=contact).exists():
        offered.save()


@transaction.atomic
def mark_offer_done(
    *, offer: DeveloperOffer, is_done: bool, by: Any, now: datetime | None = None
) -> DeveloperOffer:
    """Write down that somebody was spoken with, or was not after all. Twice is once.

    Raises DeveloperOffer.DoesNotExist where it has been deleted meanwhile.
    """
    current = DeveloperOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if bool(current.done_on) != is_done:
        now = now or timezone.now()
        current.done_on = timezone.localdate(now) if is_done else None
        current.save(update_fields=["done_on"])
        log("spoken_with" if is_done else "not_spoken_with", current, by=by, now=now)
    return current


def offers_of(student: Student) -> DeveloperOfferQuerySet:
    """What was offered from this person's `proved_contact`.

    Not by another one whom we know there, by their own name: an address may be shared.
    """
    contact = student.proved_contact
    if not contact:
        return DeveloperOffer.objects.none()
    found = DeveloperOffer.objects.filter(contact=contact)
    others = (
        Student.objects.known().filter(Q(email=contact) | Q(phone=contact)).exclude(pk=student.pk)
    )
    names = set(others.values_list("name_key", flat=True)) - {student.name_key}
    theirs = [each.pk for each in found if normalise_name(each.name) in names]
    return found.exclude(pk__in=theirs)


def delete_offers(*, student: Student) -> int:
    """Delete what this person offered: a part of erasing them. Returns how many."""
    return offers_of(student).delete()[0]


@transaction.atomic
def purge_offers(*, now: datetime, dry_run: bool = False) -> int:
    """Delete whom somebody spoke with `DEVELOPER_OFFER_DONE_DAYS` ago, and after
    `DEVELOPER_OFFER_DAYS` with whom nobody did.
    """
    today = timezone.localdate(now)
    done_before = today - timedelta(days=settings.DEVELOPER_OFFER_DONE_DAYS)
    offered_before = today - timedelta(days=settings.DEVELOPER_OFFER_DAYS)
    old = DeveloperOffer.objects.filter(
        Q(done_on__lt=done_before) | Q(offered_on__lt=offered_before)
    )
    if dry_run:
        return old.count()
    purged = list(old.only("pk"))
    log_all("purged", purged)
    DeveloperOffer.objects.filter(pk__in=[each.pk for each in purged]).delete()
    return len(purged)
