"""The key that proves certificates: which one it is, and what another one means."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from certificates import services
from certificates.models import Certificate, KeyFingerprint
from certificates.services import OtherKey, Verdict
from tests.certificates.test_services import be_there, make_held_run

pytestmark = pytest.mark.django_db

OTHER = "another key that proves nothing that was issued"


def issue() -> Certificate:
    run = make_held_run()
    be_there(run)
    services.issue(run=run, by=None)
    return Certificate.objects.latest("pk")


def verdict(certificate: Certificate) -> Verdict:
    return services.verify(number=certificate.number, name=certificate.name).verdict


def test_first_look_writes_the_fingerprint_down_and_not_the_key(settings):
    services.check_key()
    services.check_key()
    known = KeyFingerprint.objects.get()
    assert settings.CERTIFICATE_KEY not in known.fingerprint
    assert len(known.fingerprint) == 64


def test_other_key_is_refused_and_writes_nothing(settings):
    services.check_key()
    known = KeyFingerprint.objects.get().fingerprint
    settings.CERTIFICATE_KEY = OTHER
    with pytest.raises(OtherKey):
        services.check_key()
    assert KeyFingerprint.objects.get().fingerprint == known


def test_first_look_believes_the_certificates_that_were_issued_before(settings):
    issue()
    settings.CERTIFICATE_KEY = OTHER
    with pytest.raises(OtherKey):
        services.check_key()
    assert not KeyFingerprint.objects.exists()


def test_look_is_one_query(django_assert_num_queries):
    services.check_key()
    with django_assert_num_queries(1):
        services.check_key()


def test_worker_sends_nothing_under_another_key(settings):
    services.check_key()
    settings.CERTIFICATE_KEY = OTHER
    with pytest.raises(CommandError, match="CERTIFICATE_KEY is not the key"):
        call_command("send_letters", "--once")


def test_new_key_proves_certificates_anew_whose_names_are_kept(settings):
    kept, forgotten = issue(), issue()
    name = forgotten.name
    Certificate.objects.filter(pk=forgotten.pk).update(name="")
    services.check_key()
    before = settings.CERTIFICATE_KEY
    settings.CERTIFICATE_KEY = OTHER

    change = services.change_key()

    services.check_key()
    forgotten.name = name
    assert (change.proved, change.lost) == (1, 1)
    assert (verdict(kept), verdict(forgotten)) == (Verdict.GENUINE, Verdict.UNCONFIRMED)
    settings.CERTIFICATE_KEY = before
    services.change_key()
    assert (verdict(kept), verdict(forgotten)) == (Verdict.GENUINE, Verdict.GENUINE)


def test_change_is_made_in_parts(settings, monkeypatch):
    monkeypatch.setattr("certificates.services.key.AT_ONCE", 2)
    issued = [issue() for _each in range(3)]
    settings.CERTIFICATE_KEY = OTHER
    services.change_key()
    assert [verdict(each) for each in issued] == [Verdict.GENUINE] * 3


def test_what_would_be_changed_is_counted_and_left(settings):
    certificate = issue()
    settings.CERTIFICATE_KEY = OTHER
    assert services.count_key_change().proved == 1
    assert verdict(certificate) == Verdict.UNCONFIRMED


@pytest.mark.django_db(transaction=True)
def test_nodes_that_start_together_agree():
    start, answers = threading.Barrier(4), []

    def node() -> None:
        start.wait()
        try:
            services.check_key()
            answers.append("goes on")
        except OtherKey:
            answers.append("stops")
        finally:
            connection.close()

    nodes = [threading.Thread(target=node) for _each in range(4)]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join()
    assert answers == ["goes on"] * 4
    assert KeyFingerprint.objects.count() == 1
