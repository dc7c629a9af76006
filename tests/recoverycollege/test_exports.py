"""Lists of a run as spreadsheets: what is in them, how programs read them, and who took them."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.models import Attendance
from courses.models import CourseRun
from courses.norwegian.formatting import day_without_weekday
from enrolment.models import Event
from recoverycollege.exports.spreadsheets import Format, Sheet, write
from tests import factories

# What a spreadsheet program may take for a formula, with the sign that it begins with.
FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "|calc", "%0A=1+1", "\t=1+1", "\r=1+1", " =1+1"),
    *("\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)"),
]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def sheet(*rows: list, heads: tuple = ("Navn",)) -> Sheet:
    return Sheet(title="Ark", about="Kurset", terms="Slett fila.", heads=heads, rows=rows)


def table(content: bytes) -> list[list]:
    """The rows of the first page, its lines above left out."""
    [page] = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [list(row) for row in page.iter_rows(min_row=4)]


@pytest.mark.parametrize("name", FORMULAS)
def test_nothing_that_people_write_becomes_a_formula(name):
    rows = sheet([name])
    [_head, [cell]] = table(write([rows], Format.XLSX))
    assert cell.data_type == "s"
    line = write([rows], Format.CSV).decode("utf-8-sig").split("\r\n")[4]
    assert not line.strip('"').startswith(STARTS)
    assert name.strip()[-3:] in line


def test_norwegian_programs_open_the_csv_right():
    rows = sheet(
        ["Åse Ærlend", "22 86 50 00", date(2026, 11, 5), 2.5, 4.0, 3, None],
        heads=("Navn", "Telefon", date(2026, 11, 5), "Timer", "Flere", "Ganger", "Følge"),
    )
    content = write([rows], Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "Kurset",
        "Slett fila.",
        "",
        "Navn;Telefon;05.11.2026;Timer;Flere;Ganger;Følge",
        "Åse Ærlend;22 86 50 00;05.11.2026;2,5;4;3;",
        "",
    ]


def test_workbook_has_text_dates_and_numbers_and_its_heads_stay_in_sight():
    rows = sheet(
        ["Nguyễn Thị Minh Khai", "41 00 00 01", date(2026, 11, 5), 2.5],
        heads=("Navn", "Telefon", date(2026, 11, 5), "Timer"),
    )
    [page] = openpyxl.load_workbook(io.BytesIO(write([rows], Format.XLSX))).worksheets
    assert [page["A1"].value, page["A2"].value] == ["Kurset", "Slett fila."]
    assert page.freeze_panes == "B5"
    [heads, cells] = table(write([rows], Format.XLSX))
    assert heads[2].value == datetime(2026, 11, 5)  # noqa: DTZ001  # a day, as the file has it
    assert [each.value for each in cells] == [
        *("Nguyễn Thị Minh Khai", "41 00 00 01", datetime(2026, 11, 5), 2.5),  # noqa: DTZ001
    ]
    assert cells[1].number_format == "@"
    assert cells[2].number_format == "dd.mm.yyyy"
    assert page.column_dimensions["A"].width > len("Nguyễn Thị Minh Khai")


@pytest.fixture
def run(db) -> CourseRun:
    """Two with a place, one of them with a companion, and one who waits; a mark in one session."""
    run = factories.make_published_run(capacity=3, sessions=2)
    for name, places in (("Åse Bø", 2), ("Ali Zadeh", 1), ("Kari Lie", 1)):
        person = factories.make_person(name=name, phone="+4741000001")
        wish = "Plass ved døra" if places == 2 else ""
        factories.enrol(run, person=person, places=places, adjustment=wish)
    student = run.enrolments.get(student__name="Ali Zadeh").student
    Attendance.objects.create(student=student, session=run.sessions.first(), is_present=True)
    return run


@pytest.fixture
def staff(run) -> Client:
    return signed_in(factories.make_coordinator())


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def teach(run: CourseRun):
    tutor = run.assignments.first().tutor
    tutor.user = factories.make_user()
    tutor.save()
    return tutor.user


def participants(client: Client, run: CourseRun, form: str = "xlsx"):
    return client.post(reverse("admin:run_participants_file", args=[run.pk]), {"form": form})


def register(client: Client, run: CourseRun, form: str = "xlsx"):
    return client.post(reverse("register_file", args=[run.pk]), {"form": form})


def test_participants_are_named_with_contact_and_never_with_adjustments(staff, run):
    answer = participants(staff, run)
    _heads, *rows = table(answer.content)
    assert [[each.value for each in row][:5] for row in rows] == [
        ["Ali Zadeh", "41 00 00 01", rows[0][2].value, None, "Plass"],
        ["Åse Bø", "41 00 00 01", rows[1][2].value, 1, "Plass"],
        ["Kari Lie", "41 00 00 01", rows[2][2].value, None, "Venteliste"],
    ]
    assert {row[5].is_date for row in rows} == {True}
    assert "ved døra" not in participants(staff, run, "csv").content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="deltakere-{run.pk}-{timezone.localdate():%Y-%m-%d}.xlsx"'
    )
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_register_has_a_column_for_each_session_and_sums(staff, run):
    answer = register(staff, run, "csv")
    _about, _terms, _empty, heads, *rows = answer.content.decode("utf-8-sig").split("\r\n")
    first, second = (
        f"{timezone.localtime(each.starts_at):%d.%m.%Y}" for each in run.sessions.all()
    )
    assert heads == f"Navn;{first};{second};Samlinger til stede;Timer til stede"
    assert rows == ["Ali Zadeh;til stede;;1;2", "Åse Bø;;;0;0", ""]


def test_file_tells_what_it_is_for_and_until_when(staff, run):
    last = run.sessions.last().ends_at
    for answer, days in (
        (participants(staff, run, "csv"), settings.TUTOR_CONTACT_DAYS),
        (register(staff, run, "csv"), settings.TUTOR_NAMES_DAYS),
    ):
        about, terms = answer.content.decode("utf-8-sig").split("\r\n")[:2]
        assert str(run) in about
        until = day_without_weekday(last + timedelta(days=days))
        assert f"Slett fila senest {until}." in terms


def test_who_took_which_list_is_an_event_without_values(staff, run):
    tutor, coordinator = teach(run), factories.make_coordinator()
    participants(signed_in(coordinator), run)
    register(signed_in(tutor), run)
    took = Event.objects.filter(verb__startswith="took_").order_by("pk")
    assert [(each.verb, each.subject, each.subject_id, each.actor) for each in took] == [
        ("took_participants", "courserun", run.pk, coordinator),
        ("took_register", "courserun", run.pk, tutor),
    ]
    history = staff.get(reverse("admin:run_history", args=[run.pk])).text
    assert "Hentet ut deltakerlista" in history
    assert "Hentet ut oppmøtelista" in history


def test_tutors_take_the_register_while_they_see_its_names(run):
    tutor = teach(run)
    later = run.sessions.last().ends_at + timedelta(days=settings.TUTOR_NAMES_DAYS, hours=1)
    with time_machine.travel(later, tick=False):
        answer = register(signed_in(tutor), run)
    assert answer.url == reverse("tutor_register", args=[run.pk])
    assert not Event.objects.filter(verb="took_register").exists()


def test_opening_the_address_takes_nothing_out(staff, run):
    answer = staff.get(reverse("admin:run_participants_file", args=[run.pk]))
    assert answer.url == reverse("admin:run_papers", args=[run.pk])
    assert not Event.objects.filter(verb="took_participants").exists()
