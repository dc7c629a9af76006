"""Two pages of one row are open: whoever saves last undoes nothing of the other's."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from courses.models import College, Partner, Topic
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


class OpenPage(HTMLParser):
    """What a browser would send of an admin page's form, as it stands."""

    def __init__(self, client, row) -> None:
        super().__init__()
        self.address = reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])
        self.client = client
        self.answers: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.is_in_form = False
        self.feed(client.get(self.address).content.decode())

    def add(self, name: str, value: str) -> None:
        self.answers.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs) -> None:
        attrs = dict(attrs)
        name, value = attrs.get("name") or "", attrs.get("value") or ""
        if tag == "form":
            self.is_in_form = str(attrs.get("id", "")).endswith("_form")
        if not self.is_in_form:
            return
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.add(self.select, value)
        elif tag == "textarea":
            self.area = name
            self.add(name, "")
        elif tag == "input" and name and attrs.get("type") not in ("submit", "file"):
            is_ticked = attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs
            if is_ticked:
                self.add(name, value or ("on" if attrs.get("type") == "checkbox" else ""))

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.is_in_form = False
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data) -> None:
        if self.area:
            before = self.answers[self.area].pop()
            self.add(self.area, before + (data if before else data.removeprefix("\n")))

    def save(self, **changes: object):
        return self.client.post(self.address, self.answers | changes)


def make_rows():
    """A row of each model, and two changes of it by two people, each of another field."""
    course = factories.make_course()
    tutor = factories.make_tutor_with_sign_in()
    return {
        "course": (course, {"title": "Ny tittel"}, {"summary": "Ny omtale"}),
        "topic": (Topic.objects.create(name="Arbeid", slug="arbeid"), {"name": "A"}, {"slug": "b"}),
        "semester": (
            factories.make_semester(),
            {"starts_on": "2020-08-01"},
            {"ends_on": "2090-12-20"},
        ),
        "college": (factories.make_college(), {"name": "Ny skole"}, {"introduction": "Velkommen"}),
        "partner": (
            Partner.objects.create(name="Kommunen"),
            {"name": "Fylket"},
            {"kind": "partner"},
        ),
        "venue": (factories.make_venue(), {"street": "Nygata 2"}, {"has_quiet_room": "on"}),
        "tutor": (tutor, {"name": "Ny Lærer"}, {"presentation": "Hei."}),
    }


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    "kind", ["course", "topic", "semester", "college", "partner", "venue", "tutor"]
)
def test_both_changes_stand(staff, kind: str, order: int) -> None:
    row, *changes = make_rows()[kind]
    pages = [OpenPage(staff, row), OpenPage(staff, row)]
    for page, change in list(zip(pages, changes, strict=True))[::order]:
        assert page.save(**change).status_code == 302
    row.refresh_from_db()
    for name, value in (changes[0] | changes[1]).items():
        stored = getattr(row, name)
        assert str(stored) == ("True" if value == "on" else value)


def test_topics_that_two_people_ticked_and_unticked_all_count(staff) -> None:
    stays, goes, one, other = (
        Topic.objects.create(name=name, slug=name) for name in ("stays", "goes", "one", "other")
    )
    course = factories.make_course()
    course.topics.set([stays, goes])
    pages = [OpenPage(staff, course), OpenPage(staff, course)]
    pages[0].save(topics=[stays.pk, one.pk])
    pages[1].save(topics=[stays.pk, goes.pk, other.pk])
    assert set(course.topics.all()) == {stays, one, other}


def test_developer_whose_role_and_date_two_people_change(staff) -> None:
    course = factories.make_course()
    pages = [OpenPage(staff, course), OpenPage(staff, course)]
    new = factories.make_tutor()
    [number] = [
        number
        for number in (0, 1)
        if pages[0].answers[f"coursedeveloper_set-{number}-role"] == ["peer"]
    ]
    field = f"coursedeveloper_set-{number}"
    pages[0].save(**{f"{field}-tutor": new.pk})
    pages[1].save(**{f"{field}-since": "2020-02-01"})
    developer = course.coursedeveloper_set.get(role="peer")
    assert (developer.tutor, developer.since.isoformat()) == (new, "2020-02-01")


def test_wording_of_two_languages_by_two_people(staff) -> None:
    college = factories.make_college(certificate_wordings={"nb": "Takk."})
    pages = [OpenPage(staff, college), OpenPage(staff, college)]
    pages[0].save(certificate_wording_nn="Takk skal du ha.")
    pages[1].save(certificate_wording_en="Thank you.")
    assert College.objects.get().certificate_wordings == {
        "nb": "Takk.",
        "nn": "Takk skal du ha.",
        "en": "Thank you.",
    }
