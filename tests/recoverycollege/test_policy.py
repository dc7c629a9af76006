"""The college's numbers stand in one module, and texts read them from there."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from certificates.services.session_codes import code_is_open
from recoverycollege import policy
from tests.factories import make_coordinator, make_published_run

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
