"""How often staff may try to sign in, counted before a password is hashed.

Per user name and per network, known and unknown names alike. Hashing is dear on purpose: a few
tries in a row are answered, so that a burst of them leaves the other pages their share.

Somebody who knows a tutor's user name can shut that tutor out with wrong passwords, for the rest of
the hour and again in the next: that is the price of limiting the name across networks. It gains no
entry and touches nothing else. A coordinator lets the tutor in again with one click on the tutor's
page, `manage.py let_in_again` does it for anybody, and another user name ends it. A sign-in that
succeeds resets no count: else whoever has one sign-in could guess at another without end.
"""

import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model

from courses.web import throttle
from courses.web.throttle import RateLimit


def count_attempt(*, username: str, network: str) -> bool:
    """Count one try; whether it is one too many, and no password may be looked at.

    A network that has used up its hour takes nothing more from anybody's name.
    """
    for_name, name_burst = limits_of_name(username)
    for_network, network_burst = limits_of_network(network)
    limits = (for_name, name_burst, for_network, network_burst)
    counts = throttle.count_one(*limits)
    if counts[2] > for_network.most:
        throttle.take_one_back(for_name)
    return any(count > limit.most for count, limit in zip(counts, limits, strict=True))


def is_shut_out(username: str) -> bool:
    """Whether the name's tries of this hour are used up. One query."""
    return throttle.is_used_up(limits_of_name(username)[0])


def let_in_again(username: str) -> None:
    """Forget the tries with this name. The counts of networks stay."""
    throttle.forget(*limits_of_name(username))


def limits_of_name(username: str) -> tuple[RateLimit, RateLimit]:
    """For an hour, and for a burst. Names that are easily taken for each other share them."""
    longest = get_user_model()._meta.get_field("username").max_length
    who = unicodedata.normalize("NFKC", username.strip()[:longest]).casefold()
    return _limits(
        "sign-in by name", who, settings.SIGN_INS_PER_HOUR_BY_NAME, settings.SIGN_IN_BURST_BY_NAME
    )


def limits_of_network(network: str) -> tuple[RateLimit, RateLimit]:
    """For an hour, and for a burst."""
    return _limits(
        "sign-in by network",
        network,
        settings.SIGN_INS_PER_HOUR_BY_NETWORK,
        settings.SIGN_IN_BURST_BY_NETWORK,
    )


def _limits(what: str, who: str, most: int, burst: int) -> tuple[RateLimit, RateLimit]:
    return (
        RateLimit(what=what, who=who, most=most),
        RateLimit(
            what=what, who=who, most=burst, period=timedelta(seconds=settings.SIGN_IN_BURST_SECONDS)
        ),
    )
