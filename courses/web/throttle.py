"""The throttle: how often something may be tried within a period, whichever worker is asked.

The counts stand in the database, so that all workers on all machines share them. Periods are those
of the clock: an hour's count begins anew with the next hour. Nobody is kept out for good, and what
is counted is never who somebody is to the college.

Count outside a transaction: inside one, the count is undone with it, and until it ends everybody
who shares it waits.

`takes_at_least` is for answers whose time must not tell what was found.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from courses.models import RateCount

HOUR = timedelta(hours=1)

# SQLite and PostgreSQL understand the same words. One statement adds and tells the sum: nobody
# comes in between, and in autocommit the row is free again at once.
COUNT_ONE = """
    INSERT INTO courses_ratecount ("key", ends_at, "count") VALUES {rows}
    ON CONFLICT ("key") DO UPDATE SET "count" = courses_ratecount."count" + 1
    RETURNING "key", "count"
"""


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """At most `most` of `what` by one party in one `period`. Make one for each request.

    It belongs to the period in which it is first used, also when the clock strikes meanwhile.
    """

    what: str
    who: str
    most: int
    period: timedelta = HOUR

    @cached_property
    def ends_at(self) -> datetime:
        """When the period is over."""
        begun = timezone.now().timestamp() // self.period.total_seconds()
        return datetime.fromtimestamp((begun + 1) * self.period.total_seconds(), tz=UTC)

    @cached_property
    def key(self) -> str:
        value = f"{self.what}\n{self.period}\n{self.ends_at.isoformat()}\n{self.who}"
        return salted_hmac(__name__, value, algorithm="sha256").hexdigest()


def count_one(*limits: RateLimit) -> list[int]:
    """Count one more towards each limit; how many that makes, in the same order. One statement.

    The rows are locked in the order of their keys, so that no two requests wait for each other.
    """
    field = RateCount._meta.get_field("ends_at")
    rows = sorted(
        (limit.key, field.get_db_prep_value(limit.ends_at, connection)) for limit in limits
    )
    # Only placeholders are put into the statement.
    statement = COUNT_ONE.format(rows=", ".join(["(%s, %s, 1)"] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        counts = dict(cursor.fetchall())
    return [counts[limit.key] for limit in limits]


def goes_beyond(*limits: RateLimit) -> bool:
    """Count one more towards each limit; whether it is one too many for any. One statement."""
    return any(count > limit.most for count, limit in zip(count_one(*limits), limits, strict=True))


def so_far(limits: Sequence[RateLimit]) -> list[int]:
    """How many there are, in the same order, without counting one. One query, or none."""
    counts = dict(
        RateCount.objects.filter(pk__in=[limit.key for limit in limits]).values_list("pk", "count")
    )
    return [counts.get(limit.key, 0) for limit in limits]


def is_used_up(limit: RateLimit) -> bool:
    """Whether one more would be one too many, without counting one. One query."""
    return so_far([limit])[0] >= limit.most


def take_one_back(limit: RateLimit) -> None:
    """Undo what `count_one` just counted towards this limit. One statement."""
    RateCount.objects.filter(pk=limit.key, count__gt=0).update(count=F("count") - 1)


def forget(*limits: RateLimit) -> None:
    """Begin anew with these limits in the period that runs now. One statement."""
    RateCount.objects.filter(pk__in=[limit.key for limit in limits]).delete()


def purge_old_counts(*, now: datetime, dry_run: bool = False) -> int:
    """Delete the counts of periods that are over. Returns how many.

    Nobody counts towards them any more, so no request waits for this.
    """
    old = RateCount.objects.filter(ends_at__lte=now)
    return old.count() if dry_run else old.delete()[0]


@contextmanager
def takes_at_least(seconds: float) -> Iterator[None]:
    """Let the block take this long, however little it had to do: its time is no answer."""
    started = time.monotonic()
    yield
    time.sleep(max(0.0, seconds - (time.monotonic() - started)))
