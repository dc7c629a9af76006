"""Who would like to help make courses: written down apart from what anybody answered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import DeveloperOffer
from tests import factories

pytestmark = pytest.mark.django_db

OFFER = {"name": "Kari", "contact": "kari@example.org"}


def test_it_is_kept_once_with_a_day_and_the_thank_you_comes_by_redirect(client):
    for _each in range(2):
        sent = client.post(reverse("developer_offer"), OFFER)
        assert sent.url == reverse("developer_offered")
    offer = DeveloperOffer.objects.get()
    assert (offer.name, offer.contact) == ("Kari", "kari@example.org")
    assert offer.offered_on == timezone.localdate()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"contact": " "}, "Skriv en e-postadresse eller et telefonnummer, så vi kan nå deg."),
        ({"name": "9"}, "Skriv navnet du vil bli kalt."),
        ({"contact": "kari@"}, "Skriv hele e-postadressen"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(client, wrong, said):
    page = client.post(reverse("developer_offer"), OFFER | wrong).content.decode()
    assert said in page
    assert (OFFER | wrong)["name"] in page
    assert not DeveloperOffer.objects.exists()


def test_a_network_that_writes_too_often_waits(client, settings):
    settings.DEVELOPER_OFFERS_PER_HOUR = 1
    client.post(reverse("developer_offer"), OFFER)
    assert client.post(reverse("developer_offer"), OFFER | {"name": "Per"}).status_code == 429


def test_the_page_asks_for_consent_where_the_college_does(client):
    factories.make_college(legal_basis="consent")
    client.post(reverse("developer_offer"), OFFER)
    assert not DeveloperOffer.objects.exists()
    client.post(reverse("developer_offer"), OFFER | {"consent": "on"})
    assert DeveloperOffer.objects.exists()


def test_one_click_says_that_somebody_was_spoken_with_and_can_be_undone(client):
    offer = DeveloperOffer.objects.create(**OFFER)
    client.force_login(factories.make_coordinator())
    url = reverse("admin:developer_offer_done", args=[offer.pk])
    for done, day in (("yes", timezone.localdate()), ("no", None)):
        client.post(url, {"done": done})
        offer.refresh_from_db()
        assert offer.done_on == day


def test_another_one_at_the_address_keeps_theirs():
    student = factories.make_student(name="Kari Vik", email="kari@example.org")
    factories.make_student(name="Per Vik", email="kari@example.org")
    for name in ("Kari", "Per Vik"):
        services.offer_to_develop(name=name, contact="kari@example.org", language="nb")
    assert [each.name for each in services.offers_of(student)] == ["Kari"]
    assert services.delete_offers(student=student) == 1
    assert [each.name for each in DeveloperOffer.objects.all()] == ["Per Vik"]


def test_it_is_deleted_after_its_time():
    today, now = timezone.localdate(), timezone.now()
    for offered, done in ((366, None), (364, None), (40, 31), (40, 29)):
        DeveloperOffer.objects.create(
            **OFFER,
            offered_on=today - timedelta(days=offered),
            done_on=today - timedelta(days=done) if done else None,
        )
    assert services.purge_offers(now=now, dry_run=True) == 2
    assert services.purge_offers(now=now) == 2
    left = DeveloperOffer.objects.values_list("offered_on", flat=True)
    assert [(today - each).days for each in left] == [364, 40]
