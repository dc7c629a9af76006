"""The letter that says that a certificate is ready."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates import services
from certificates.models import Certificate
from enrolment import emails, letters
from enrolment.models import Letter
from enrolment.services import overtake_untrue, send_due
from tests import factories
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment.conftest import post as post

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return list(
        Letter.objects.filter(kind="certificate")
        .order_by("student__name")
        .values_list("student__name", flat=True)
    )


def test_whoever_is_reached_by_email_is_told_once():
    run = make_held_run()
    be_there(run, name="Ada")
    be_there(run, name="Bo", email="", phone="+4790012345")
    be_there(run, name="Cai", channel="paper", postal_address="Storgata 1")
    be_there(run, name="Dag", email="")
    be_there(run, name="Eva", sessions=0)
    services.issue(run=run, by=None)
    services.issue(run=run, by=None)
    assert told() == ["Ada"]
    assert not Letter.objects.for_staff().exists()


def test_nothing_is_owed_where_the_issuing_fails(monkeypatch):
    run = make_held_run()
    be_there(run)
    monkeypatch.setattr(Letter.objects, "bulk_create", _fails)
    with pytest.raises(IntegrityError):
        services.issue(run=run, by=None)
    assert not Certificate.objects.exists()


def _fails(rows: object) -> None:
    raise IntegrityError


def test_it_names_the_course_and_leads_to_the_page(client):
    run = make_held_run(course=factories.make_course(title="Fra uro til ro"))
    student = be_there(run, name="Ada Vik")
    services.issue(run=run, by=None)
    letter = factories.written(Letter.objects.get())
    assert letter.subject == "Beskjed fra Skolen"
    assert "Takk for at du var med på «Fra uro til ro». Kursbeviset ditt er klart." in letter.text
    [address] = [each for each in emails.with_links(letter).split() if "/min-side/" in each]
    path = address.removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    client.post(path)
    assert client.get(reverse("my_certificates")).status_code == 200
    assert letters.PAGE_LINK in letter.text
    assert Letter.objects.about(student=student, run_id=run.pk).count() == 0


def test_it_goes_though_the_run_is_over_and_at_any_hour(post):
    run = make_held_run()
    be_there(run, email="ada@example.org")
    services.issue(run=run, by=None)
    assert overtake_untrue() == 0
    send_due()
    assert post.to == [["ada@example.org"]]


@pytest.mark.parametrize("is_corrected", [False, True])
def test_one_that_is_withdrawn_before_is_not_told_of(post, is_corrected):
    run = make_held_run()
    be_there(run, name="Ada")
    [certificate] = services.issue(run=run, by=None)
    if is_corrected:
        certificate = services.reissue(certificate=certificate, by=None, name="Ada Vik")
    services.revoke(certificate=certificate, by=None)
    send_due()
    assert post.got == []
    assert Letter.objects.get().overtaken_by == "nothing_left"


def test_issued_anew_after_that_it_is_told_again(post):
    run = make_held_run()
    be_there(run)
    [certificate] = services.issue(run=run, by=None)
    services.revoke(certificate=certificate, by=None)
    services.issue(run=run, by=None)
    send_due()
    assert len(post.got) == 1


def test_a_correction_is_no_other_letter():
    run = make_held_run()
    be_there(run, name="Ada")
    [certificate] = services.issue(run=run, by=None)
    services.reissue(certificate=certificate, by=None, name="Ada Vik")
    assert Letter.objects.unsent().still_true().count() == 1


def test_whoever_is_rung_since_is_not_told_by_letter():
    run = make_held_run()
    student = be_there(run)
    services.issue(run=run, by=None)
    student.phone, student.channel = "+4790012345", "phone"
    student.save()
    Letter.objects.update(channel="phone")
    overtake_untrue()
    assert Letter.objects.get().overtaken_by == "switched_off"


def test_statements_do_not_grow_with_the_people():
    counted = []
    for people in (2, 12):
        run = make_held_run()
        for _each in range(people):
            be_there(run, name=f"Deltaker {factories.number()}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            services.issue(run=run, by=None, now=run.ends_at + timedelta(hours=1))
        counted.append(len(queries))
    assert counted[0] == counted[1]
