"""What the index says of letters that wait and of a day with many sign-ups; and «kom senere»."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrolment.admin.warnings import unusually_many_sign_ups
from enrolment.models import Adjustment, Enrolment, Letter
from tests import factories

pytestmark = pytest.mark.django_db


def on_day(days_ago: int, number: int, **fields: object) -> list[Enrolment]:
    """So many signed up that day, at noon."""
    noon = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))
    at = noon - timedelta(days=days_ago)
    run = factories.make_published_run(capacity=100)
    found = [factories.enrol(run, **fields) for _each in range(number)]
    Enrolment.objects.filter(run=run).update(enrolled_at=at, placed_at=at)
    return found


@pytest.mark.parametrize(
    ("today", "busiest", "told"), [(5, 0, 0), (6, 0, 6), (6, 3, 0), (7, 3, 7), (6, 2, 6)]
)
def test_a_day_is_unusual_by_number_and_beside_the_month_before(settings, today, busiest, told):
    settings.UNUSUAL_SIGN_UPS = 5
    on_day(0, today)
    on_day(30, busiest)
    on_day(31, 20)
    assert unusually_many_sign_ups() == told


def test_staffs_own_sign_ups_are_not_unusual(settings):
    settings.UNUSUAL_SIGN_UPS = 5
    on_day(0, 6, by=factories.make_user())
    assert unusually_many_sign_ups() == 0


def test_index_leads_to_a_list_of_exactly_those(staff, settings):
    settings.UNUSUAL_SIGN_UPS = 2
    online = on_day(0, 3)
    on_day(0, 1, by=factories.make_user())
    on_day(1, 1)
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Uvanlig mange påmeldinger i dag: 3" in page
    address = reverse("admin:enrolment_enrolment_changelist") + "?online=today"
    assert f'href="{address}"' in page
    shown = staff.get(address).context["cl"].result_list
    assert {each.pk for each in shown} == {each.pk for each in online}


def test_index_never_says_that_all_is_well_while_letters_wait(staff):
    since = factories.oslo(2026, 11, 3, 14)
    factories.enrol(factories.make_published_run())
    assert "har ventet" not in staff.get(reverse("admin:index")).content.decode()
    Letter.objects.update(owed_since=since)
    page = staff.get(reverse("admin:index")).content.decode().replace("\N{WORD JOINER}", "")
    assert "1 brev har ventet siden tirsdag 3.\N{NO-BREAK SPACE}november 2026" in page
    assert "kl.\N{NO-BREAK SPACE}14.00." in page


def test_adjustments_that_came_later_are_marked_wherever_staff_read_them(staff):
    run = factories.make_published_run(in_days=0.01)
    person = factories.make_person()
    factories.enrol(run, person=person, adjustment="En stol ved døra")
    register = reverse("tutor_register", args=[run.pk])
    page = reverse("admin:run_people", args=[run.pk])
    for address in (register, page):
        assert "kom senere" not in staff.get(address).content.decode()
    factories.enrol(run, person=person, adjustment="Noe helt annet")
    for address in (register, page):
        assert staff.get(address).content.decode().count("kom senere") == 1


def test_a_fourth_adjustment_takes_the_place_of_the_third():
    run, person = factories.make_published_run(), factories.make_person()
    texts = ["En", "To", "Tre", "Fire", "Fem", "En"]
    for text in texts:
        enrolment = factories.enrol(run, person=person, adjustment=text)
        Adjustment.objects.filter(text="Tre").update(arranged_at=timezone.now())
    kept = enrolment.adjustments.order_by("pk")
    assert list(kept.values_list("text", "came_later", "arranged_at")) == [
        ("En", False, None),
        ("To", True, None),
        ("Fem", True, None),
    ]
