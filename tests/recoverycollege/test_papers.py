"""What the college prints: each paper drawn in three languages, with short, long, foreign names."""

import io
from datetime import timedelta

import pikepdf
import pypdf
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from certificates import services as certificate_services
from certificates.models import SessionCode
from certificates.pdf import fonts
from certificates.qr import qr_picture
from courses.models import College, CourseRun, RateCount, Substitution
from enrolment.models import Event
from recoverycollege.paper import badges
from tests import factories
from tests.certificates.test_pdf import drawn_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

A3, A4, A4_ON_ITS_SIDE, A5 = (297, 420), (210, 297), (297, 210), (148, 210)
LONG = "Margrethe Alexandra Wolfeschlegelsteinhausenbergerdorff-Nordmann"
NAMES = ["Bo", "محمد عبد الرحمن", "Nguyễn Thị Minh Khai", LONG]
TITLE = "Å leve med store og små belastninger i hverdagen: hvordan vi sammen finner steg"


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its spaces single."""
    return [" ".join(each.extract_text().split()) for each in reader(pdf).pages]


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def check(pdf: bytes, language: str, size: tuple[int, int]) -> None:
    """Tagged, in its language, with a title, on that paper, its fonts within, no text outside."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == language
        assert str(opened.docinfo.Title)
        assert b"pdfuaid" in opened.Root.Metadata.read_bytes()
        for page in opened.pages:
            assert tuple(round(float(each) / 72 * 25.4) for each in page.MediaBox[2:]) == size
        used = [each for each in opened.objects if kind(each) == "/FontDescriptor"]
        assert used
        assert all("/FontFile2" in each or "/FontFile3" in each for each in used)
        for figure in (each for each in opened.objects if kind(each, "/S") == "/Figure"):
            left, bottom, right, top = (float(each) for each in figure.A.BBox)
            assert str(figure.Alt)
            assert 0 <= left < right <= size[0] / 25.4 * 72
            assert 0 <= bottom < top <= size[1] / 25.4 * 72
    for page in reader(pdf).pages:
        check_inside(page)


def kind(each, key: str = "/Type") -> str:
    return str(each.get(key, "")) if isinstance(each, pikepdf.Dictionary) else ""


def check_inside(page: pypdf.PageObject) -> None:
    """Each piece of text begins, and as far as one can reckon ends, on the sheet."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)

    def visit(text, matrix, of_text, font, size):
        if not text.strip():
            return
        a, b, c, d, e, f = matrix
        x, y = of_text[4] * a + of_text[5] * c + e, of_text[4] * b + of_text[5] * d + f
        assert 0 <= x <= width, text
        assert 0 <= y <= height, text
        if abs(b) < 0.01 and text.strip().isascii():
            # Cut apart where pypdf has joined lines.
            end = max(fonts.width(line) for line in text.splitlines()) * size * abs(of_text[0] * a)
            assert x + 0.9 * end <= width, text

    page.extract_text(visitor_text=visit)


@pytest.fixture
def run() -> CourseRun:
    """A run with people of all kinds of names, some with a companion, some with wishes."""
    factories.make_college(name="Skolen", sender_name="Kurs i Sandnes")
    course = factories.make_course(title=TITLE, discreet_title="Hverdagskurs", summary="Ord. " * 60)
    run = factories.make_published_run(course=course, capacity=40, sessions=7)
    for number, name in enumerate(NAMES * 3):
        person = factories.make_person(name=f"{name} {'abc'[number // 4]}")
        factories.enrol(run, person=person, places=1 + number % 2, adjustment="Nær døra. " * 9)
    return run


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Client:
    return signed_in(factories.make_coordinator())


def teach(run: CourseRun, tutor=None):
    tutor = tutor or run.assignments.first().tutor
    tutor.user = factories.make_user()
    tutor.save()
    return tutor.user


def opened(client: Client, name: str, *args, query: str = "") -> bytes:
    answer = client.get(reverse(name, args=args) + query)
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def poster(run: CourseRun, query: str = "") -> bytes:
    return opened(Client(), "poster", run.course.slug, run.pk, query=query)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_paper_is_tagged_and_fits_its_sheet(run, staff, language):
    session = run.sessions.order_by("starts_at").first()
    certificate_services.make_code(run=run, session=session, by=None)
    semester = run.semester.slug
    with translation.override(language):
        for query, size in (("", A4), ("?ark=a3", A3), ("?ark=noe", A4)):
            pdf = poster(run, query)
            check(pdf, language, size)
            assert len(pages_of(pdf)) == 1
        for query, size in (("", A5), ("?ark=a4", A4)):
            pdf = opened(Client(), "prospectus", semester, query=query)
            check(pdf, language, size)
        pdf = opened(staff, "register_paper", run.pk)
        check(pdf, language, A4)
        assert len(pages_of(pdf)) == 2  # seven sessions, five on a sheet
        check(opened(staff, "participants_paper", run.pk), language, A4)
        pdf = opened(staff, "session_code_paper", run.pk, session.pk)
        check(pdf, language, A4_ON_ITS_SIDE)
        assert len(pages_of(pdf)) == 1
        names = {"names": "\n".join(NAMES)}
        pdf = staff.post(reverse("name_badges", args=[run.pk]), names).content
        check(pdf, language, A4)
        [page] = pages_of(pdf)
        assert "Bo" in page.split()


# The poster


def test_poster_tells_the_public_facts_and_leads_to_the_course(run):
    [text] = pages_of(poster(run))
    [place] = {each.place for each in run.session_list}
    for words in ("Skolen", "Gratis og åpent for alle", place.name, "Storgata 1", run.course.slug):
        assert words in text
    names = [each.name for each in run.tutors_as_equals]
    assert f"{names[0]} og {names[1]}" in text
    assert text.count("Hverdagskurs") == text.count("Kurs i Sandnes") == 9  # to tear off
    [image] = reader(poster(run)).pages[0].images
    address = settings.SITE_URL + reverse("course", args=[run.course.slug])
    code = Image.open(io.BytesIO(qr_picture(address))).convert("L")
    assert image.image.convert("L").tobytes() == code.tobytes()


def test_poster_says_nothing_that_is_not_public(run):
    home = factories.make_venue(name="Hjemme hos Kari", is_public=False)
    run.sessions.update(online_link="https://hemmelig.example.org/", venue=home)
    [text] = pages_of(poster(run))
    assert "Hjemme" not in text
    assert "hemmelig" not in text


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled", "over"])
def test_no_poster_where_nobody_can_come(run, state):
    address = reverse("poster", args=[run.course.slug, run.pk])
    others = {
        "draft": lambda: factories.make_run(course=run.course),
        "closed": lambda: factories.make_published_run(
            course=run.course, entry="closed", capacity=None
        ),
    }
    if state in others:
        address = reverse("poster", args=[run.course.slug, others[state]().pk])
    elif state == "cancelled":
        CourseRun.objects.filter(pk=run.pk).update(status="cancelled", cancelled_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=200 * (state == "over"))):
        assert Client().get(address).status_code == 404


# The prospectus


def test_prospectus_holds_what_is_to_come_and_folds(run):
    def make(title: str, **fields) -> CourseRun:
        return factories.make_published_run(course=factories.make_course(title=title), **fields)

    make("Kafeen", entry="drop_in", capacity=None)
    make("Helt lukket", entry="closed", capacity=None)
    make("Forbi", in_days=-9)
    make("Underveis", in_days=-2, sessions=3)
    off = make("Avlyst kurs")
    CourseRun.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=timezone.now())
    factories.make_run(course=factories.make_course(title="Bare et utkast"))
    pages = pages_of(opened(Client(), "prospectus", run.semester.slug))
    assert len(pages) % 4 == 0
    assert "Skolen" in pages[0]
    text = " ".join(pages)
    assert "Å leve med store" in text
    assert "Kafeen" in text
    for title in ("Helt lukket", "Forbi", "Underveis", "Avlyst kurs", "Bare et utkast"):
        assert title not in text
    assert "22 86 50 00" in pages[-1]
    listed = Client().get(reverse("semester", args=[run.semester.slug])).text
    assert reverse("prospectus", args=[run.semester.slug]) in listed


def test_titles_are_told_in_their_own_language(run):
    run.course.language = "en"
    run.course.save()
    with pikepdf.open(io.BytesIO(poster(run))) as pdf:
        [section] = [each for each in pdf.objects if kind(each, "/S") == "/Sect"]
        assert str(section.Lang) == "en"
        assert str(pdf.Root.Lang) == "nb"


@pytest.mark.parametrize("name", ["poster", "prospectus"])
def test_what_hangs_in_public_has_the_colour_of_the_college(run, name):
    def drawn() -> set[str]:
        semester = run.semester.slug
        pdf = poster(run) if name == "poster" else opened(Client(), name, semester)
        return drawn_in(pikepdf.open(io.BytesIO(pdf)))

    standard = drawn()
    College.objects.update(colour="#7a1f4b")
    own = drawn()
    assert (standard - own, own - standard) == ({"#14464c", "#744100"}, {"#7a1f4b"})


def test_very_many_papers_wait_but_what_is_unchanged_is_not_drawn_again(run, settings):
    settings.PAPERS_PER_HOUR = 1
    first = poster(run)
    assert poster(run) == first
    assert RateCount.objects.get().count == 1
    answer = Client().get(reverse("prospectus", args=[run.semester.slug]))
    assert answer.status_code == 429
    assert "Prøv igjen" in answer.text


# The lists


def test_register_names_who_comes_and_tells_no_course(run, staff):
    factories.enrol(run, person=factories.make_person(name="Sist Inn"))
    pdf = opened(staff, "register_paper", run.pk)
    text = " ".join(pages_of(pdf))
    assert "Kurs i Sandnes" in text
    assert "belastninger" not in text
    assert "Hverdagskurs" not in text
    assert "Nær døra" not in text
    assert text.count("Bo a") == text.count("Bo b") == 2  # on each sheet
    assert "Sist Inn" in text
    assert text.count("+1") == 2 * 6 + 2  # with a companion, and what it means
    assert "belastninger" not in str(reader(pdf).metadata.title)


def test_register_of_a_substitute_has_their_session_alone(run):
    *_others, session = run.sessions.order_by("starts_at")
    stand_in = factories.make_tutor()
    Substitution.objects.create(session=session, assignment=run.assignments.first(), tutor=stand_in)
    client = signed_in(teach(run, stand_in))
    [page] = pages_of(opened(client, "register_paper", run.pk))
    local = timezone.localtime(session.starts_at)
    assert f"{local.day}.{local.month}." in page
    assert client.get(reverse("participants_paper", args=[run.pk])).status_code == 404


def test_adjustments_are_on_a_sheet_of_their_own(run, staff):
    pages = pages_of(opened(staff, "participants_paper", run.pk))
    assert "Bo a" in pages[0]
    assert "belastninger" not in " ".join(pages)
    inner = next(number for number, text in enumerate(pages) if "Det vi ordner" in text)
    assert inner % 2 == 0  # a right-hand page: printed on both sides, it is another sheet
    assert "Nær døra" not in " ".join(pages[:inner])
    assert "Nær døra" in pages[inner]
    nobody_asks = factories.make_published_run()
    factories.enrol(nobody_asks)
    assert len(pages_of(opened(staff, "participants_paper", nobody_asks.pk))) == 1


def test_tutors_print_contacts_as_long_as_they_see_them(run):
    user = teach(run)
    assert opened(signed_in(user), "participants_paper", run.pk)
    ended = run.sessions.order_by("ends_at").last().ends_at
    with time_machine.travel(ended + timedelta(days=settings.TUTOR_CONTACT_DAYS, hours=1)):
        client = signed_in(user)
        answer = client.get(reverse("participants_paper", args=[run.pk]))
        assert answer.url == reverse("tutor_contacts", args=[run.pk])
        assert (
            reverse("participants_paper", args=[run.pk])
            not in client.get(reverse("tutor_sheet", args=[run.pk])).text
        )


def test_badges_have_first_names_as_they_are_corrected_and_keep_nothing(run, staff):
    for name in ("Kari Lie", "Nguyễn Minh"):
        factories.enrol(run, person=factories.make_person(name=name))
    names = badges.first_names(run)
    assert {"Kari", "Nguyễn", "Bo"} <= set(names)
    assert names.count("Kursholder") == 2  # the tutors, as everybody else
    page = staff.get(reverse("name_badges", args=[run.pk])).text
    assert "Kari" in page
    assert "Kari Lie" not in page
    events = Event.objects.count()
    pdf = staff.post(reverse("name_badges", args=[run.pk]), {"names": "Kari\n\n  Minh \n"}).content
    [text] = pages_of(pdf)
    assert text.count("Kurs i Sandnes") == 10
    assert "Kari" in text
    assert "Minh" in text
    assert Event.objects.count() == events


def test_too_many_badges_are_refused_and_what_was_written_stays(run, staff, settings):
    settings.BADGES_AT_MOST = 2
    answer = staff.post(reverse("name_badges", args=[run.pk]), {"names": "Ada\nBo\nCai"})
    assert "høyst 2 navneskilt" in answer.text
    assert "Ada\nBo\nCai" in answer.text


def test_sign_shows_the_code_and_no_course_and_ends_with_it(run, staff):
    session = run.sessions.order_by("starts_at").first()
    code = SessionCode.objects.create(session=session, code="WMWMWM")
    [text] = pages_of(opened(staff, "session_code_paper", run.pk, session.pk))
    assert code.printed_code in text
    assert "belastninger" not in text
    with time_machine.travel(session.ends_at + timedelta(days=1)):
        client = signed_in(factories.make_coordinator())
        answer = client.get(reverse("session_code_paper", args=[run.pk, session.pk]))
        assert answer.url.startswith(reverse("tutor_session_code", args=[run.pk]))


# Where they are found


def test_coordinators_find_all_of_it_on_one_page(run, staff):
    page = staff.get(reverse("admin:run_papers", args=[run.pk])).text
    for name in ("register_paper", "participants_paper", "name_badges", "register_file"):
        assert reverse(name, args=[run.pk]) in page
    assert f"{reverse('poster', args=[run.course.slug, run.pk])}?ark=a3" in page
    assert reverse("admin:run_participants_file", args=[run.pk]) in page
    people = staff.get(reverse("admin:run_people", args=[run.pk])).text
    assert reverse("admin:run_papers", args=[run.pk]) in people
    semester = staff.get(reverse("admin:courses_semester_change", args=[run.semester_id])).text
    assert reverse("prospectus", args=[run.semester.slug]) in semester
