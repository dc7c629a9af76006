"""Whether a certificate is genuine: told only to somebody who has both its number and its name."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from certificates.models import Certificate, make_proof
from courses.web import throttle
from courses.web.throttle import RateLimit

# Compared with where no certificate has the number, so that both answers cost the same.
NO_PROOF = "0" * 64


class Verdict(StrEnum):
    GENUINE = "genuine"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Answer:
    """What may be told. The certificate is there only where it is genuine."""

    verdict: Verdict
    certificate: Certificate | None = None


def verify(*, number: str, name: str) -> Answer:
    """Compare a number and the name printed with it to what was issued.

    Needs no stored name: the keyed proof outlives the student's erasure. A wrong name, a number
    that does not exist and a number that cannot exist give the same answer for the same work: one
    query and one keyed hash.
    """
    number = normalise_number(number)
    found = Certificate.objects.select_related("run__course").filter(number=number).first()
    expected = make_proof(number, name)
    is_right = hmac.compare_digest(expected, found.proof if found else NO_PROOF)
    if found is None or not is_right:
        return Answer(Verdict.UNCONFIRMED)
    if found.revoked_at is not None:
        return Answer(Verdict.WITHDRAWN)
    if found.superseded_by_id is not None:
        return Answer(Verdict.REPLACED)
    return Answer(Verdict.GENUINE, found)


def normalise_number(number: str) -> str:
    """The number as it is stored: case, width, spaces and hyphens are nothing.

    Look-alikes need no mending: 0, O, 1, I and L are in no number, and what else they may have
    been is a guess.
    """
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())


def count_check(*, network: str) -> datetime | None:
    """Count one check; the moment to come back, where the network has had too many this hour.

    There is no limit for all networks together: one of them could use it up for everybody.
    """
    limit = RateLimit(
        what="certificate check", who=network, most=settings.CERTIFICATE_CHECKS_PER_HOUR
    )
    return limit.ends_at if throttle.goes_beyond(limit) else None
