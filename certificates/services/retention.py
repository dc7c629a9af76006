"""How long a name is kept that belongs to no student."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from certificates.models import Certificate
from enrolment.events import log_all


@transaction.atomic
def forget_old_names(*, now: datetime, dry_run: bool = False) -> int:
    """Empty the names on certificates that were given by name alone and are old enough.

    Number, proof and facts stay: whoever has the paper can still have it checked. Returns how many.
    """
    old = Certificate.objects.filter(
        student=None, issued_at__lt=now - timedelta(days=settings.CERTIFICATE_NAME_DAYS)
    ).exclude(name="")
    if dry_run:
        return old.count()
    forgotten = list(old.select_for_update().only("pk"))
    Certificate.objects.filter(pk__in=[each.pk for each in forgotten]).update(name="")
    log_all("forgotten", forgotten)
    return len(forgotten)
