"""How often the public forms may be sent. Sign-up by phone is not counted.

This is no admission decision: what is counted is tries, by network and by run, never who somebody
is, and before anything is looked up. Whoever is asked to wait keeps their answers, may send them
again as they are, and may ring the college at any time. Several networks together can use up a
run's hour with tries that sign nobody up; the coordinator's index says so while it lasts, and
nobody's number in the queue, or place, changes by it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from courses.models import CourseRun
from courses.web import throttle
from courses.web.throttle import RateLimit
from enrolment.models import Letter


def count_sign_up(*, run_id: int, network: str) -> bool:
    """Count one try to sign up; whether it is one too many. One statement where it is not.

    A network that has used up its hour takes nothing more from the run's, which is everybody's.
    """
    by_network = RateLimit(
        what="sign-up by network", who=network, most=settings.SIGN_UPS_PER_HOUR_BY_NETWORK
    )
    by_run = RateLimit(
        what="sign-up by run", who=str(run_id), most=settings.SIGN_UPS_PER_HOUR_BY_RUN
    )
    from_network, for_run = throttle.count_one(by_network, by_run)
    if from_network > by_network.most:
        throttle.take_one_back(by_run)
    elif for_run <= by_run.most or for_run <= _most_by_places(run_id):
        return False
    throttle.count_one(_asked_to_wait(run_id))
    return True


def count_link_request(*, network: str) -> bool:
    """Count one «send me my link»; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="link request", who=network, most=settings.LINK_REQUESTS_PER_HOUR)
    )


def count_interest(*, network: str) -> bool:
    """Count one «tell me when it is held again»; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="interest", who=network, most=settings.INTERESTS_PER_HOUR)
    )


def count_question(*, network: str) -> bool:
    """Count one question to the college; whether it is one too many. One statement."""
    return throttle.goes_beyond(
        RateLimit(what="question", who=network, most=settings.QUESTIONS_PER_HOUR)
    )


def count_new_email_name(*, letter: Letter) -> bool:
    """Count one name that is written to confirm the address of this letter; whether it is one too
    many. One statement.
    """
    return throttle.goes_beyond(
        RateLimit(
            what="name for a new address",
            who=str(letter.pk),
            most=settings.NEW_EMAIL_NAMES_A_DAY,
            period=timedelta(days=1),
        )
    )


def asked_to_wait(runs: Sequence[CourseRun]) -> list[tuple[CourseRun, int]]:
    """The runs where tries to sign up were asked to wait this hour, and how many. One query."""
    counts = throttle.so_far([_asked_to_wait(run.pk) for run in runs])
    return [(run, count) for run, count in zip(runs, counts, strict=True) if count]


def _asked_to_wait(run_id: int) -> RateLimit:
    """Only counted, for the coordinator's index."""
    return RateLimit(what="sign-up asked to wait", who=str(run_id), most=0)


def _most_by_places(run_id: int) -> int:
    """How many tries a large run may have. One query, for runs beyond the common limit only."""
    capacity = CourseRun.objects.filter(pk=run_id).values_list("capacity", flat=True).first()
    return settings.SIGN_UPS_PER_HOUR_BY_PLACE * (capacity or 0)
