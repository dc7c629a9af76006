"""How long a name is kept that belongs to no student."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from certificates.models import Certificate, CertificateQuerySet
from courses.models import CourseRun
from enrolment.events import log_all


@transaction.atomic
def purge_old_names(*, now: datetime, dry_run: bool = False) -> int:
    """Empty the names on certificates that were given by name alone and are old enough.

    Number, proof and facts stay: whoever has the paper can still have it checked. Returns how many.
    """
    old = Certificate.objects.filter(
        student=None, issued_at__lt=now - timedelta(days=settings.CERTIFICATE_NAME_DAYS)
    ).exclude(name="")
    if dry_run:
        return old.count()
    purged = list(old.select_for_update().only("pk"))
    Certificate.objects.filter(pk__in=[each.pk for each in purged]).update(name="")
    log_all("purged", purged)
    return len(purged)


@transaction.atomic
def erase_name(certificates: CertificateQuerySet) -> int:
    """Take the name and the student off these certificates: a part of erasing a person.

    Those that were replaced or withdrawn are meant as well: give all of them. Number, proof and the
    facts that tell of nobody stay, so that the paper can still be checked. Locks the runs, so
    that no correction carries the name on meanwhile. Returns how many.
    """
    runs = CourseRun.objects.filter(pk__in=certificates.order_by().values("run")).order_by("pk")
    list(runs.select_for_update(of=("self",)).values_list("pk"))
    purged = list(certificates.only("pk"))
    Certificate.objects.filter(pk__in=[each.pk for each in purged]).update(name="", student=None)
    log_all("purged", purged)
    return len(purged)
