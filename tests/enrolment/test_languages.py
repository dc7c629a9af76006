"""Words in another language than the page's say so: a screen reader then reads them right."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from certificates import services as certificates
from courses.models import College, TutorAssignment
from tests import factories
from tests.certificates.test_attendance_views import teach
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment.test_my_page import come_in, press, withdrawal_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "marked"), [("", 0), ("/nn", 1), ("/en", 1)])
def test_the_colleges_own_words_are_marked_where_the_page_has_another_language(
    client, prefix, marked
):
    run = factories.make_published_run()
    College.objects.update(accessibility_text="Det er heis.", introduction="Velkommen til oss.")
    addresses = {
        "/": 'class="lead" lang="nb"><p>Velkommen til oss.',
        "/personvern/": '<div lang="nb"><p>Her står hele personvernteksten.',
        "/tilgjengelighet/": '<div lang="nb"><p>Det er heis.',
        f"/kurs/{run.course.slug}/": '<div lang="nb"><p>Inngang fra torget',
    }
    for address, words in addresses.items():
        assert client.get(prefix + address).content.decode().count(words) == marked, address
    data = {"step": "check", "name": "Ada", "email": "ada@example.org"}
    page = client.post(f"{prefix}/kurs/{run.course.slug}/{run.pk}/pamelding/", data)
    assert page.content.decode().count('<ul class="tick-list" lang="nb">') == marked


@pytest.mark.parametrize(("prefix", "marked"), [("", 1), ("/nn", 0), ("/en", 1)])
def test_tutors_nynorsk_is_marked_where_the_page_is_not_in_nynorsk(client, prefix, marked):
    run = factories.make_published_run()
    run.tutors.update(presentation="Eg er ikkje redd for lange pausar.")
    page = client.get(f"{prefix}/kurs/{run.course.slug}/").content.decode()
    assert page.count('<div lang="nn"><p>Eg er ikkje redd') == marked * run.tutors.count()
    assert 'lang="no"' not in page


def test_a_courses_title_within_a_sentence_is_marked_where_the_page_has_another_language():
    alone = factories.enrol(factories.make_published_run())
    pair = factories.enrol(factories.make_published_run(), places=2)
    pages = {}
    for language in ("nb", "en"):
        with translation.override(language):
            withdrawn = press(Client(), withdrawal_of(alone)).content.decode()
            press(Client(), withdrawal_of(alone))  # signs up again
            seat = come_in(pair.student).get(reverse("my_companion", args=[pair.submission]))
            pages[language] = withdrawn + seat.content.decode()
    for enrolment in (alone, pair):
        title = enrolment.run.course.title
        assert f'<span lang="nb">{title}</span>' in pages["en"]
        assert f'<span lang="nb">{title}</span>' not in pages["nb"]
        assert title in pages["nb"]


@pytest.mark.parametrize(("language", "marked"), [("nb", 0), ("en", 1)])
def test_titles_on_the_tutors_pages_are_marked_in_the_same_way(language, marked):
    coming, past = factories.make_published_run(), make_held_run()
    tutor = factories.make_tutor_with_sign_in()
    client = teach(past, tutor)
    TutorAssignment.objects.create(run=coming, tutor=tutor, role="peer")
    with translation.override(language):
        pages = client.get(reverse("tutor_runs")).content.decode()
        register = client.get(reverse("tutor_register", args=[past.pk])).content.decode()
    for run, page in ((coming, pages), (past, pages), (past, register)):
        assert page.count(f'<span lang="nb">{run.course.title}</span>') == marked


@pytest.mark.parametrize(("language", "marked"), [("nb", 0), ("en", 1)])
def test_titles_of_certificates_are_marked_in_the_same_way(language, marked):
    run = make_held_run()
    student = be_there(run)
    certificates.issue(run=run, by=None)
    with translation.override(language):
        page = come_in(student).get(reverse("my_certificates")).content.decode()
    title = run.course.discreet_title
    assert page.count(f' lang="nb">{title}</h2>') == marked
    assert page.count(f' lang="nb"> {title}</span>') == marked
