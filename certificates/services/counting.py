"""How often something was tried in an hour, from one place: shared by all workers and machines.

What is stored is a keyed hash of what, where and when: no address, and no two hours that could be
compared. Counts of earlier hours go with the next one.
"""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from certificates.models import CheckCount


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def count_one(what: str, place: str) -> int:
    """One more of this hour, and how many that makes."""
    hour = this_hour()
    forget_counts()
    return _count(_key(what, place, hour), hour)


def forget_counts() -> int:
    """Delete the counts of earlier hours. Returns how many."""
    return CheckCount.objects.filter(hour__lt=this_hour()).delete()[0]


def count_so_far(what: str, place: str) -> int:
    """How many of this hour, without counting one. One query."""
    counts = CheckCount.objects.filter(key=_key(what, place, this_hour()))
    return counts.values_list("count", flat=True).first() or 0


@transaction.atomic
def _count(key: str, hour: datetime) -> int:
    """The row stays locked between the two statements."""
    counts = CheckCount.objects.filter(key=key)
    if not counts.update(count=F("count") + 1):
        CheckCount.objects.bulk_create([CheckCount(key=key, hour=hour)], ignore_conflicts=True)
        counts.update(count=F("count") + 1)
    return counts.values_list("count", flat=True).first() or 1


def _key(what: str, place: str, hour: datetime) -> str:
    value = f"{what}\n{place}\n{hour.isoformat()}"
    return salted_hmac(__name__, value, algorithm="sha256").hexdigest()


def place_of(address: str) -> str:
    """An IPv4 address, or the network that an IPv6 address belongs to."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False))
    return str(found)
