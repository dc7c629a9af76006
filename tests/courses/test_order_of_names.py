"""Names stand in Norwegian order wherever they are listed, whatever the database's own order."""

import pytest
from django.urls import reverse

from certificates import services as certificate_services
from certificates.models import Attendance
from courses.models import Partner, Topic
from tests import factories

pytestmark = pytest.mark.django_db

AS_WRITTEN = ["Østen", "Aase", "zakarias", "Åse", "Ærlig"]
IN_ORDER = ["zakarias", "Ærlig", "Østen", "Aase", "Åse"]


def test_partners_on_the_front_page(client):
    for name in AS_WRITTEN:
        Partner.objects.create(name=name)
    assert client.get("/").context["partners"] == IN_ORDER


def test_topics_of_a_course(client):
    run = factories.make_published_run()
    for number, name in enumerate(AS_WRITTEN):
        run.course.topics.add(Topic.objects.create(name=name, slug=f"tema-{number}"))
    assert client.get(run.course.get_absolute_url()).context["topics"] == IN_ORDER


# The Norwegian letters, aa, accents and case; more than the database would sort alike.
LISTS = {
    "courses_tutor": lambda name: factories.make_tutor(name=name),
    "courses_venue": lambda name: factories.make_venue(name=name),
    "courses_partner": lambda name: Partner.objects.create(name=name),
    "courses_topic": lambda name: Topic.objects.create(name=name, slug=name.lower()),
    "courses_course": lambda name: factories.make_course(title=name, with_pair=False),
    "enrolment_student": lambda name: factories.make_student(name=name),
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("per_page", [100, 2])
def test_lists_of_the_admin(client, monkeypatch, kind, per_page):
    client.force_login(factories.make_coordinator())
    for name in AS_WRITTEN:
        LISTS[kind](name)
    address = reverse(f"admin:{kind}_changelist")
    shown = client.get(address).context["cl"]
    monkeypatch.setattr(type(shown.model_admin), "list_per_page", per_page)
    names = []
    for page in range(1, 4 if per_page == 2 else 2):
        listed = client.get(address, {"p": page}).context["cl"].result_list
        names += [str(each) for each in listed]
    assert names == IN_ORDER
    column = shown.list_display.index(shown.model_admin.list_display[0])
    backwards = client.get(address, {"o": f"-{column}"}).context["cl"].result_list
    assert [str(each) for each in backwards] == IN_ORDER[::-1][:per_page]


@pytest.mark.parametrize(("kind", "column"), [("enrolment", 0), ("letter", 1)])
def test_lists_of_what_belongs_to_people(client, kind, column):
    client.force_login(factories.make_coordinator())
    run = factories.make_published_run()
    for name in AS_WRITTEN:
        factories.enrol(run, person=factories.make_person(name=name))
    address = reverse(f"admin:enrolment_{kind}_changelist")
    for order, expected in ((f"{column}", IN_ORDER), (f"-{column}", IN_ORDER[::-1])):
        listed = client.get(address, {"o": order}).context["cl"].result_list
        assert [each.student.name for each in listed] == expected


def test_choices_of_the_admin(client):
    client.force_login(factories.make_coordinator())
    for name in AS_WRITTEN:
        factories.make_tutor(name=name)
        factories.make_venue(name=name)
        factories.make_course(title=name, with_pair=False)
    form = client.get(reverse("admin:courses_courserun_add")).context["adminform"].form
    for field in ("venue", "course"):
        assert [str(label) for value, label in form.fields[field].choices if value] == IN_ORDER
    course = client.get(reverse("admin:courses_course_add")).context
    developers, _files = course["inline_admin_formsets"]
    choices = developers.formset.forms[0].fields["tutor"].choices
    assert [str(label) for value, label in choices if value] == IN_ORDER


def test_register_and_certificates(client):
    run = factories.make_published_run(in_days=-1)
    for name in AS_WRITTEN:
        student = factories.make_student(name=name)
        Attendance.objects.create(student=student, session=run.sessions.get(), is_present=True)
    certificates = certificate_services.issue(run=run, by=None)
    assert [each.name for each in certificates] == IN_ORDER
    client.force_login(factories.make_coordinator())
    for page in ("tutor_register", "tutor_certificates"):
        text = client.get(reverse(page, args=[run.pk])).content.decode()
        places = [text.find(name) for name in IN_ORDER]
        assert -1 not in places, page
        assert places == sorted(places), page
    listed = client.get(reverse("admin:certificates_certificate_changelist")).context["cl"]
    assert [each.name for each in listed.result_list] == IN_ORDER
