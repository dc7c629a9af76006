"""The college's numbers stand in one module, and texts read them from there."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone, translation

from certificates.services.session_codes import code_is_open
from courses.web.plain_pages import try_again
from enrolment.models import Enrolment
from recoverycollege import policy
from tests.factories import (
    ask_for_page_link,
    enrol,
    make_coordinator,
    make_published_run,
    make_student,
)

ROOT = Path(policy.__file__).parent.parent
NUMBERS = {name for name in vars(policy) if name.isupper()}


def test_every_number_of_the_policy_is_a_setting():
    assert {name: getattr(settings, name) for name in NUMBERS} == {
        name: getattr(policy, name) for name in NUMBERS
    }


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_number_of_the_policy_is_read_somewhere(name):
    code = "".join(
        path.read_text()
        for app in ("courses", "enrolment", "certificates", "recoverycollege")
        for path in (ROOT / app).rglob("*.py")
    )
    assert f"settings.{name}" in code, (
        f"{name} changes nothing: read it as settings.{name}, or take it out of policy.py."
    )


def test_no_other_module_keeps_hours_or_days_of_its_own():
    """A constant such as `STAYS_OPEN = timedelta(hours=2)` would be found by nobody."""
    allowed = {
        ("courses/web/throttle.py", "HOUR"),  # what «an hour» means, not how long something may be
        ("enrolment/services/delivery.py", "AN_HOUR"),
        ("enrolment/services/delivery.py", "BACK_OFF"),  # how the worker behaves, told to nobody
        ("enrolment/models/workers.py", "WORKER_IS_DEAD_AFTER"),
    }
    found = {
        (str(path.relative_to(ROOT)), target.id)
        for app in ("courses", "enrolment", "certificates", "recoverycollege")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and "timedelta" in ast.dump(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert found - allowed == set(), (
        "Move the length of time to recoverycollege/policy.py and read it from settings; if it is "
        "no policy of the college, name it in `allowed` here and say why."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "hours", "text"),
    [
        ("nb", 48, "Tomt: 48 timer før første samling."),
        ("nn", 48, "Tomt: 48 timar før første samling."),
        ("en", 1, "Empty: 1 hour before the first session."),
    ],
)
def test_run_page_tells_when_the_waiting_list_closes(client, settings, language, hours, text):
    settings.WAITING_LIST_CLOSES_HOURS = hours
    client.force_login(make_coordinator())
    run = make_published_run()
    with translation.override(language):
        url = reverse("admin:courses_courserun_change", args=[run.pk])
    assert text in client.get(url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "hours", "text"),
    [
        ("nb", 1, "Du kan få én lenke i timen."),
        ("nb", 3, "Du kan få én lenke hver 3. time."),
        ("nn", 3, "Du kan få éi lenkje kvar 3. time."),
        ("en", 3, "You can ask for one link every 3 hours."),
    ],
)
def test_page_tells_how_often_a_link_is_sent(client, settings, language, hours, text):
    settings.PAGE_LINK_EVERY_HOURS = hours
    with translation.override(language):
        url = reverse("my_link_asked")
    assert text in client.get(url).content.decode()


@pytest.mark.django_db
def test_link_is_sent_as_often_as_the_policy_says(settings):
    settings.PAGE_LINK_EVERY_HOURS = 3
    student = make_student()
    with time_machine.travel(datetime(2027, 3, 1, 12, 1, tzinfo=UTC), tick=False) as clock:
        for hours, letters in ((0, 1), (2, 1), (1, 2)):
            clock.shift(timedelta(hours=hours))
            ask_for_page_link(student.email)
            assert student.letters.count() == letters


@pytest.mark.parametrize(
    ("prefix", "seconds", "text"),
    [
        ("", 45, "Vent 45 sekunder, og åpne den igjen."),
        ("nn/", 45, "Vent 45 sekund, og opne ho igjen."),
        ("en/", 1, "Wait 1 second, and open it again."),
    ],
)
def test_page_tells_when_to_try_again(rf, settings, monkeypatch, prefix, seconds, text):
    settings.TRY_AGAIN_SECONDS = seconds
    monkeypatch.setattr("courses.web.plain_pages.College.objects.values_list", database_is_away)
    response = try_again(rf.get(f"/{prefix}kurs/"))
    assert text in response.content.decode()
    assert response["Retry-After"] == str(seconds)


def database_is_away(*args: object, **kwargs: object) -> None:
    raise OperationalError


@pytest.mark.django_db
def test_index_lists_and_tells_as_many_days_as_the_policy_says(client, settings):
    settings.SESSIONS_AHEAD_DAYS = 20
    client.force_login(make_coordinator())
    near, far = make_published_run(in_days=19), make_published_run(in_days=21)
    response = client.get(reverse("admin:index"))
    assert "De neste 20 dagene" in response.content.decode()
    assert [each.run for each in response.context["tasks"].sessions] == [near]
    assert far.sessions.count() == 1


@pytest.mark.django_db
def test_list_of_sign_ups_tells_as_many_days_as_the_policy_says(client, settings):
    settings.RECENT_SIGN_UP_DAYS = 3
    client.force_login(make_coordinator())
    run = make_published_run()
    url = reverse("admin:enrolment_enrolment_changelist") + "?online=week"
    for days in (0, 2, 3):
        Enrolment.objects.filter(pk=enrol(run).pk).update(
            enrolled_at=timezone.now() - timedelta(days=days)
        )
    response = client.get(url)
    assert response.context["cl"].result_count == 2
    assert "de siste 3 dagene" in response.content.decode()


@pytest.mark.django_db
def test_register_opens_as_long_before_a_session_as_the_policy_says(settings):
    session = make_published_run().sessions.earliest("starts_at")
    settings.REGISTER_OPENS_HOURS = 72
    assert session.starts_at - session.can_be_marked_from == timedelta(hours=72)


@pytest.mark.django_db
def test_session_code_closes_as_long_after_the_session_as_the_policy_says(settings):
    session = make_published_run().sessions.earliest("starts_at")
    moment = session.ends_at + timedelta(hours=4)
    assert not code_is_open(session, moment)
    settings.SESSION_CODE_HOURS = 5
    assert code_is_open(session, moment)
