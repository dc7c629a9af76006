"""A semester in which everything changes, seen by everybody whom it touches."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates import services as certificate_services
from certificates.models import Certificate
from certificates.services import Cell, Mark
from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import WORD_JOINER, day
from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment, Event, Letter
from tests import factories
from tests.enrolment.calendar_program import CalendarProgram

pytestmark = pytest.mark.django_db(transaction=True)


class Semester:
    """A series of eight with a student by e-mail and one by phone, seen from every side."""

    def __init__(self, page: Page, live_server) -> None:
        self.page, self.server = page, live_server
        self.venue = factories.make_venue(name="Biblioteket", street="Storgata 1", town="Hamar")
        first = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
        run = factories.make_run(venue=self.venue, sessions=0, with_pair=True)
        for week in range(8):
            starts_at = first + timedelta(days=10 + 7 * week)
            factories.make_session(run, starts_at=starts_at)
        self.peer, self.professional = (each.tutor for each in run.assignments.order_by("role"))
        for tutor, name in ((self.peer, "Ada Lie"), (self.professional, "Bo Dahl")):
            tutor.name, tutor.email = name, f"{name[:2].lower().strip()}@college.example.org"
            tutor.save()
        factories.make_tutor(name="Cai Moe", email="cai@college.example.org")
        factories.make_tutor_with_sign_in(name="Eli Vik", email="eli@college.example.org")
        factories.get_college()
        services.publish_run(run=run)
        self.run = CourseRun.objects.get(pk=run.pk)
        self.student = factories.enrol(
            run, person=factories.make_person(name="Kim Ås", email="kim@example.org")
        )
        self.caller = factories.enrol(
            run, person=factories.make_person(name="Tor By", email="", phone="+4799999901")
        )
        self.calendar = CalendarProgram()
        token = links.enrolment_token(Purpose.CALENDAR, self.student)
        self.calendar_address = reverse("calendar", args=[token])
        self.public_calendar = CalendarProgram()
        self.letters()

    @property
    def sessions(self) -> list[CourseSession]:
        return list(self.run.sessions.order_by("pk"))

    def letters(self) -> dict[str, str]:
        """What has arrived since, by the address it went to; calendars are fetched as well."""
        mail.outbox.clear()
        services.send_due()
        self.fetch()
        return {each.to[0]: each.body.replace("\xa0", " ") for each in mail.outbox}

    def fetch(self) -> None:
        public = reverse("run_calendar", args=[self.run.course.slug, self.run.pk])
        for program, address in (
            (self.calendar, self.calendar_address),
            (self.public_calendar, public),
        ):
            program.take(self.page.request.get(f"{self.server.url}{address}").body())

    def days_in_calendars(self) -> list[list]:
        return [
            [starts_at for starts_at, _status, _where in program.shown]
            for program in (self.calendar, self.public_calendar)
        ]

    def check_calendars(self) -> None:
        """Both show exactly what takes place, once."""
        coming = [each.starts_at for each in CourseRun.objects.get(pk=self.run.pk).session_list]
        assert self.days_in_calendars() == [coming, coming]

    # The coordinator

    def programme(self) -> None:
        self.page.goto(reverse("admin:run_programme", args=[self.run.pk]))

    def save(self, *, answer: str = "Lagre og gi beskjed") -> None:
        self.page.get_by_role("button", name="Lagre", exact=True).click()
        self.answer(answer)

    def answer(self, words: str) -> None:
        self.page.get_by_role("button", name=words).click()
        expect(self.page.locator(".messagelist")).to_be_visible()

    def row(self, session: CourseSession):
        return self.page.get_by_role("group", name=str(session))

    def on_public_page(self) -> str:
        self.page.goto(reverse("course", args=[self.run.course.slug]))
        if summary := self.page.locator(".all-sessions summary").all():
            summary[0].click()
        return self.page.locator("main").inner_text()


def tidy(words: str) -> str:
    return words.replace(WORD_JOINER, "").replace("\xa0", " ")


@pytest.fixture
def semester(page, sign_in, live_server, transactional_db, settings) -> Semester:
    settings.SITE_URL = live_server.url
    sign_in(page, factories.make_coordinator("kari"))
    return Semester(page, live_server)


def test_semester_in_which_everything_changes(semester: Semester, page: Page) -> None:
    told = {"kim@example.org", "ad@college.example.org", "bo@college.example.org"}
    semester.check_calendars()

    # One session is moved to another hour.
    second = semester.sessions[1]
    semester.programme()
    row = semester.row(second)
    row.get_by_label("Fra", exact=True).fill("17:00")
    row.get_by_label("Til", exact=True).fill("19:00")
    semester.save()
    letters = semester.letters()
    assert letters.keys() == told
    assert f"Nå: {tidy(day(second.starts_at))}, kl. 17.00–19.00" in tidy(letters["kim@example.org"])
    assert Letter.objects.for_staff().filter(enrolment=semester.caller, kind="changed").count() == 0
    assert Letter.objects.for_staff().filter(enrolment=semester.caller, kind="place").count() == 1
    semester.check_calendars()

    # One is cancelled: it stays in the programme, struck through.
    third = semester.sessions[2]
    semester.programme()
    semester.row(third).get_by_role("checkbox", name="Avlyst").check()
    semester.save()
    letters = semester.letters()
    assert letters.keys() == told
    gone = f"Blir ikke holdt: {tidy(day(third.starts_at))}"
    assert all(gone in tidy(letter) for letter in letters.values())
    semester.check_calendars()
    assert "Avlyst" in semester.on_public_page()

    # And restored.
    semester.programme()
    semester.row(third).get_by_role("checkbox", name="Avlyst").uncheck()
    semester.save()
    assert "Blir likevel holdt: " in tidy(semester.letters()["kim@example.org"])
    semester.check_calendars()
    assert "Avlyst" not in semester.on_public_page()

    # Somebody stands in for one evening.
    page.goto(reverse("admin:run_substitute", args=[semester.run.pk]))
    page.get_by_role("radio", name="Ada Lie").check()
    first = semester.sessions[0]
    page.get_by_role(
        "checkbox", name=re.compile(re.escape(tidy(day(first.starts_at))), re.IGNORECASE)
    ).check()
    page.locator("select[name=tutor]").select_option(label="Cai Moe")
    page.locator(".submit-row button.default").click()
    semester.answer("Lagre og gi beskjed")
    letters = semester.letters()
    assert letters.keys() == told | {"cai@college.example.org"}
    assert "møter du Bo Dahl og Cai Moe" in tidy(letters["kim@example.org"])
    assert semester.run.course.title in letters["cai@college.example.org"]

    # Somebody takes over from the fifth session on.
    fifth = semester.sessions[4]
    page.goto(reverse("admin:run_hand_over", args=[semester.run.pk]))
    page.get_by_role("radio", name="Ada Lie").check()
    page.locator("select[name=from_session]").select_option(str(fifth.pk))
    page.locator("select[name=tutor]").select_option(label="Eli Vik")
    page.locator(".submit-row button.default").click()
    semester.answer("Lagre og gi beskjed")
    letters = semester.letters()
    assert letters.keys() >= told | {"eli@college.example.org"}
    assert "Bo Dahl og Eli Vik" in tidy(letters["kim@example.org"])

    # A slip of the pen in the venue's street, and nobody hears of it.
    page.goto(reverse("admin:courses_venue_change", args=[semester.venue.pk]))
    page.locator("input[name=street]").fill("Storgata 11")
    page.locator("input[name=_save]").click()
    semester.answer("Rett uten å si fra")
    assert semester.letters() == {}
    assert Event.objects.filter(verb="changed_silently", subject_id=semester.run.pk).count() == 1
    assert all("Storgata 11" in where for _at, _status, where in semester.calendar.shown)

    # The whole run a week later.
    before = [each.starts_at for each in semester.sessions]
    page.goto(reverse("admin:run_move", args=[semester.run.pk]))
    page.get_by_label("Antall uker eller dager").fill("1")
    page.get_by_role("button", name="Vis hva som flyttes").click()
    semester.answer("Flytt og gi beskjed")
    moved = semester.sessions
    assert [day(each.starts_at) for each in moved] == [
        day(each + timedelta(days=7)) for each in before
    ]
    letters = semester.letters()
    assert letters.keys() >= told | {"eli@college.example.org", "cai@college.example.org"}
    semester.check_calendars()

    # The first session is held: whoever stood in sees that register alone, and certificates are
    # given in the end, in the names of the assigned and of whoever took over.
    held, this_hour = moved[0], timezone.now().replace(minute=0, second=0, microsecond=0)
    CourseSession.objects.filter(pk=held.pk).update(
        starts_at=this_hour - timedelta(hours=3), ends_at=this_hour - timedelta(hours=1)
    )
    page.goto(reverse("tutor_register", args=[semester.run.pk]))
    expect(page.get_by_text("Kim Ås").first).to_be_visible()
    certificate_services.save_register(
        run=semester.run,
        session=CourseSession.objects.get(pk=held.pk),
        cells={semester.student.student_id: Cell(Mark.UNMARKED, Mark.PRESENT)},
        by=None,
    )
    semester.programme()
    semester.row(CourseSession.objects.get(pk=held.pk)).get_by_role(
        "checkbox", name="Avlyst"
    ).check()
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("kan ikke avlyses")
    assert not CourseSession.objects.get(pk=held.pk).is_cancelled

    # At last the run is cancelled.
    semester.letters()
    page.goto(reverse("admin:run_cancel", args=[semester.run.pk]))
    page.locator(".submit-row button.default").click()
    letters = semester.letters()
    assert letters.keys() >= {"kim@example.org", "bo@college.example.org"}
    starts = [CourseSession.objects.get(pk=held.pk).starts_at]
    assert [at for at, _status, _where in semester.calendar.shown] == starts
    assert Enrolment.objects.get(pk=semester.student.pk).has_place

    [issued] = certificate_services.issue(run=semester.run, by=None)
    assert [each for each in ("Ada Lie", "Bo Dahl", "Eli Vik") if each in issued.tutors] == [
        "Ada Lie",
        "Bo Dahl",
        "Eli Vik",
    ]
    assert "Cai Moe" not in issued.tutors
    assert Certificate.objects.count() == 1
    page.goto(reverse("admin:run_history", args=[semester.run.pk]))
    history = page.locator("main, #content").first.inner_text()
    for words in ("Avlyste en samling", "Flyttet kurset", "Avlyste kurset"):
        assert words.casefold() in history.casefold()
    assert "Kim" not in history
