"""How often staff may try to sign in, counted before a secret is looked at or a letter is owed.

Passwords, codes that came by e-mail, and codes of the second factor are counted apart: whoever
knows a name can use up the tries with its password, and gets no further for it.

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
from enum import StrEnum

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from courses.web import throttle
from courses.web.throttle import HOUR, RateLimit


class Trial(StrEnum):
    """What is tried, and by what it is counted beside the network."""

    PASSWORD = "sign-in by name"  # noqa: S105 - what is counted
    LETTER = "letter about the sign-in by address"
    CODE = "code by session"  # which is the one that it was asked for in
    SECOND_FACTOR = "second factor by user"


def count_attempt(*, username: str, network: str, trial: Trial = Trial.PASSWORD) -> bool:
    """Count one try; whether it is one too many, and nothing may be looked at or sent.

    `username` is whom or what the trial is counted by. A network that has used up its hour takes
    nothing more from anybody's name.
    """
    for_name, name_burst = limits_of_name(username, trial)
    for_network, network_burst = limits_of_network(network)
    limits = (for_name, name_burst, for_network, network_burst)
    counts = throttle.count_one(*limits)
    if counts[2] > for_network.most:
        throttle.take_one_back(for_name)
    return any(count > limit.most for count, limit in zip(counts, limits, strict=True))


def was_used_before(code: str, *, user_key: int) -> bool:
    """Whether this code of the user's second factor has let somebody in already; now it has.

    One statement, so that of two at once one is told so.
    """
    used = RateLimit(
        what="second factor used", who=f"{user_key} {code}", most=1, period=timedelta(days=1)
    )
    return throttle.goes_beyond(used)


def is_shut_out(username: str) -> bool:
    """Whether the name's tries of this hour are used up. One query."""
    return throttle.is_used_up(limits_of_name(username)[0])


def let_in_again(user: User) -> None:
    """Forget the tries with the user's name, address and codes. The counts of networks stay."""
    counted = [
        (user.get_username(), Trial.PASSWORD),
        (user.email, Trial.PASSWORD),
        (user.email, Trial.LETTER),
        (str(user.pk), Trial.SECOND_FACTOR),
    ]
    throttle.forget(*(limit for name, trial in counted for limit in limits_of_name(name, trial)))


def limits_of_name(username: str, trial: Trial = Trial.PASSWORD) -> tuple[RateLimit, RateLimit]:
    """For an hour, and for a burst. Names that are easily taken for each other share them.

    Letters have a period of their own: as long as the code in one works.
    """
    longest = get_user_model()._meta.get_field("email").max_length
    who = unicodedata.normalize("NFKC", username.strip()[:longest]).casefold()
    most = {
        Trial.PASSWORD: settings.SIGN_INS_PER_HOUR_BY_NAME,
        Trial.LETTER: settings.SIGN_IN_LETTERS,
        Trial.CODE: settings.SIGN_IN_CODE_TRIES,
        Trial.SECOND_FACTOR: settings.SECOND_FACTORS_PER_HOUR,
    }[trial]
    period = timedelta(minutes=settings.SIGN_IN_CODE_MINUTES) if trial == Trial.LETTER else HOUR
    return _limits(trial, who, most, settings.SIGN_IN_BURST_BY_NAME, period)


def limits_of_network(network: str) -> tuple[RateLimit, RateLimit]:
    """For an hour, and for a burst."""
    return _limits(
        "sign-in by network",
        network,
        settings.SIGN_INS_PER_HOUR_BY_NETWORK,
        settings.SIGN_IN_BURST_BY_NETWORK,
    )


def _limits(
    what: str, who: str, most: int, burst: int, period: timedelta = HOUR
) -> tuple[RateLimit, RateLimit]:
    return (
        RateLimit(what=what, who=who, most=most, period=period),
        RateLimit(
            what=what, who=who, most=burst, period=timedelta(seconds=settings.SIGN_IN_BURST_SECONDS)
        ),
    )
