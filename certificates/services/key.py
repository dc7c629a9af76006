"""Which key proves the certificates of this database: the wrong one must never be used unseen."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from certificates.models import Certificate, KeyFingerprint, make_proof
from certificates.services.errors import OtherKey

AT_ONCE = 500  # rows of one statement


def fingerprint() -> str:
    """Tells keys apart and gives none away: a keyed hash, for which the key is the secret."""
    key = settings.CERTIFICATE_KEY.encode()
    return hmac.new(key, b"fingerprint of the key", hashlib.sha256).hexdigest()


def check_key() -> None:
    """Make sure that CERTIFICATE_KEY is the key of this database's certificates.

    The first process that asks writes the key's fingerprint down; where certificates were issued
    before there was one, only if the newest of them was proved by that key. One query, or four.
    Raises OtherKey.
    """
    known = KeyFingerprint.objects.first()
    if known is None:
        newest = Certificate.objects.exclude(name="").order_by("-pk").first()
        if newest is not None and not hmac.compare_digest(
            make_proof(newest.number, newest.name), newest.proof
        ):
            raise OtherKey
        # Two processes that start together: the database lets one write, and both read that.
        known, _is_new = KeyFingerprint.objects.get_or_create(
            pk=1, defaults={"fingerprint": fingerprint()}
        )
    if not hmac.compare_digest(known.fingerprint, fingerprint()):
        raise OtherKey


@dataclass(frozen=True)
class KeyChange:
    """How many certificates the new key proves, and how many not: their names are forgotten."""

    proved: int
    lost: int


def count_key_change() -> KeyChange:
    """What `change_key` would do. Two queries."""
    lost = Certificate.objects.filter(name="").count()
    return KeyChange(proved=Certificate.objects.count() - lost, lost=lost)


@transaction.atomic
def change_key() -> KeyChange:
    """Make CERTIFICATE_KEY the key of this database, and prove anew what can be.

    A proof is made of number and name. Where the name is forgotten the old proof stays: it holds
    again if the old key ever comes back. No other process may issue certificates meanwhile.
    """
    change = count_key_change()
    named = Certificate.objects.exclude(name="").order_by("pk").only("number", "name", "proof")
    chunk: list[Certificate] = []
    for certificate in named.iterator(chunk_size=AT_ONCE):
        certificate.proof = make_proof(certificate.number, certificate.name)
        chunk.append(certificate)
        if len(chunk) == AT_ONCE:
            Certificate.objects.bulk_update(chunk, ["proof"], batch_size=100)
            chunk = []
    Certificate.objects.bulk_update(chunk, ["proof"], batch_size=100)
    KeyFingerprint.objects.update_or_create(pk=1, defaults={"fingerprint": fingerprint()})
    return change
