"""«Send me my link» treats whoever we know and whoever we do not know alike, in time as well."""

import random
import re
import time
from math import erfc, sqrt
from statistics import median

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Course
from enrolment import services
from enrolment.models import Letter, LinkRequest
from tests import factories

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "kari.kjent@example.org", "kari.ukjent@example.org"
TIMES = 200
# So seldom would equal times look unequal, once; and the test asks twice.
BY_CHANCE = 1e-6
# A smaller share of the time than this is a habit of the machine, such as when it clears memory.
SEEN = 0.05


@pytest.fixture(autouse=True)
def somebody_known(settings):
    settings.LINK_REQUESTS_PER_HOUR = 10**6
    return factories.enrol(
        factories.make_published_run(), person=factories.make_person(email=KNOWN)
    ).student


def without_moments(statement: str) -> str:
    """Without what differs in any two requests: moments, names of savepoints, random keys."""
    return re.sub(r"'20\d\d-\d\d-\d\d[ T][^']*'|_x?\d+|'[0-9A-Za-z_-]{20,}'", "…", statement)


def send_question(contact: str) -> HttpResponse:
    return Client().post(reverse("ask_us"), {"text": "Er det pauser?", "contact": contact})


def send_interest(contact: str) -> HttpResponse:
    slug = Course.objects.latest("pk").slug
    return Client().post(reverse("interest_ask", args=[slug]), {"name": "Kari", "email": contact})


@pytest.mark.parametrize("send", [send_question, send_interest])
def test_other_forms_with_a_contact_look_nobody_up(send, somebody_known):
    """The same statements, status, headers and words: then the same time, too."""
    send("varm.opp@example.org")
    told = []
    for contact in (KNOWN, UNKNOWN):
        with CaptureQueriesContext(connection) as captured:
            answer = send(contact)
        assert answer.status_code == 302
        page = Client().get(answer["Location"])
        statements = [without_moments(each["sql"].replace(contact, "…")) for each in captured]
        told.append((statements, {**answer.headers}, {**page.headers}, page.content))
    assert told[0] == told[1]


def ask(contact: str) -> None:
    assert Client().post(reverse("my_link"), {"contact": contact}).status_code == 302


def statements_of(contact: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask(contact)
    return [without_moments(each["sql"].replace(contact, "…")) for each in captured]


def rows() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model is not LinkRequest
    }


def test_the_same_statements_are_asked():
    statements_of(KNOWN)  # whatever the first request alone has to do
    assert statements_of(KNOWN) == statements_of(UNKNOWN)


def test_the_same_rows_are_left_until_a_worker_comes(somebody_known):
    ask("varm.opp@example.org")
    LinkRequest.objects.all().delete()
    before = rows()
    for contact in (KNOWN, UNKNOWN):
        ask(contact)
        assert rows() == before
    [known, unknown] = LinkRequest.objects.order_by("pk").values("contact", "language")
    assert (known.pop("contact"), unknown.pop("contact")) == (KNOWN, UNKNOWN)
    assert known == unknown
    assert services.answer_link_requests() == 2
    assert not LinkRequest.objects.exists()
    assert Letter.objects.get(kind="link").student == somebody_known


def by_chance(one: list[float], other: list[float]) -> float:
    """How probable it is that two samples of the same differ as much (Mann and Whitney's test)."""
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    rank_sum = sum(rank for rank, (_each, which) in enumerate(ranked, 1) if which == 0)
    m, n = len(one), len(other)
    above = rank_sum - m * (m + 1) / 2 - m * n / 2
    return erfc(abs(above) / sqrt(m * n * (m + n + 1) / 12) / sqrt(2))


def times_of_both() -> tuple[list[float], list[float]]:
    """The processor's time for each request, in pairs: now the one first, now the other."""
    taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    orders = [(KNOWN, UNKNOWN), (UNKNOWN, KNOWN)] * (TIMES // 2)
    random.Random(1).shuffle(orders)  # in step with nothing that comes around again
    for order in orders:
        for contact in order:
            began = time.thread_time()
            ask(contact)
            taken[contact].append(time.thread_time() - began)
    return taken[KNOWN], taken[UNKNOWN]


def differ(one: list[float], other: list[float]) -> bool:
    """Whether somebody who measures could tell two samples apart."""
    return by_chance(one, other) < BY_CHANCE and abs(median(one) / median(other) - 1) > SEEN


def test_it_takes_the_same_time():
    assert not all(differ(*times_of_both()) for _try in range(2))


def test_the_comparison_sees_a_difference_of_a_tenth():
    times = [1 + each * 37 % TIMES / TIMES / 2 for each in range(TIMES)]
    assert not differ(times, times[::-1])
    assert differ(times, [each * 1.1 for each in times])
