"""The college, the versions of what it tells people before they sign up, and its pictures."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.models import College, NoticeVersion, Picture


@transaction.atomic
def save_college(*, college: College, now: datetime | None = None) -> None:
    """Save the college. New words in the notice or ground rules become a new version of it.

    Each enrolment points at the version its student saw: drafts are none.
    """
    college.full_clean()
    college.save()
    if not college.has_confirmed_texts:
        return
    latest = NoticeVersion.objects.order_by("pk").last()
    shown = (college.privacy_notice, college.ground_rules, college.legal_basis)
    if latest is None or shown != (
        latest.privacy_notice,
        latest.ground_rules,
        latest.legal_basis,
    ):
        NoticeVersion.objects.create(
            privacy_notice=college.privacy_notice,
            ground_rules=college.ground_rules,
            legal_basis=college.legal_basis,
            created_at=now or timezone.now(),
        )


@transaction.atomic
def delete_unused_portraits() -> int:
    """Delete the portraits that no tutor has any more. Returns how many.

    Logos stay: certificates that were issued are printed with them. Locks the rows first and looks
    again, so that a portrait that somebody stores anew in the same moment is kept.
    """
    portraits = Picture.objects.filter(is_logo=False)
    gone = portraits.exclude(pk__in=Picture.objects.shown().values("pk"))
    locked = list(gone.select_for_update().order_by("pk").values_list("pk", flat=True))
    unused = portraits.filter(pk__in=locked).exclude(pk__in=Picture.objects.shown().values("pk"))
    return unused.delete()[0]
