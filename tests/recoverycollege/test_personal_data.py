"""What is declared of data about people: every column, the same words everywhere, and an end."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from courses.models import Tutor
from enrolment.models import Interest, Student
from recoverycollege.people.retention import KEPT, TOLD
from tests import factories
from tests.recoverycollege.everything import ABOUT_ANN, fill_everything, rows_with

PEOPLE = (Student, Tutor, User, Interest)
# Columns that hold how somebody is called or reached, wherever they stand.
CONTACT = re.compile(
    r"^(name(_key)?|.*_name|email|phone|.*_phone|contact|postal_address|username)$"
)
# Names of things, and columns of Django's own.
OF_NO_PERSON = {
    *("courses.Partner.name", "courses.Venue.name", "courses.SchoolHoliday.name"),
    *("courses.Opportunity.name",),
    *("courses.Topic.name", "courses.College.name", "courses.College.sender_name"),
    *("courses.CourseFile.file_name", "certificates.Certificate.college_name"),
    *("auth.Permission.name", "auth.Group.name"),
}


def about_people() -> set[str]:
    """Every column that points at a person, or holds how one is called or reached."""
    found = set()
    for model in apps.get_models():
        for each in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            points = each.related_model in PEOPLE and not each.auto_created
            is_written = isinstance(each, models.CharField | models.TextField) and CONTACT.match(
                each.name
            )
            if points or is_written:
                found.add(f"{model._meta.label}.{each.name}")
    return found


def declared() -> set[str]:
    return {
        f"{label}.{column}"
        for kept in KEPT
        for label, columns in kept.columns.items()
        for column in columns
    }


def test_every_column_about_people_is_declared():
    assert about_people() - OF_NO_PERSON - declared() == set(), (
        "Say in the app's personal_data.py what the column is for, who sees it and when it ends."
    )


def test_what_is_let_through_is_still_there():
    assert OF_NO_PERSON - about_people() == set()


@pytest.mark.parametrize("column", sorted(declared()))
def test_declared_column_exists(column):
    label, _dot, name = column.rpartition(".")
    assert apps.get_model(label)._meta.get_field(name)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_privacy_page_and_record_tell_the_periods_that_the_purge_works_by(
    client, capsys, settings, language
):
    factories.get_college()
    settings.ADJUSTMENT_DAYS, settings.INACTIVE_STUDENT_YEARS = 17, 9
    with translation.override(language):
        page = client.get(reverse("privacy")).content.decode()
        periods = {str(each.what): each.until() for each in TOLD}
    call_command("record_of_processing", language=language)
    record = capsys.readouterr().out
    call_command("record_of_processing", "--dpia", language=language)
    draft = capsys.readouterr().out

    assert "17 " in " ".join(periods.values())
    assert "9 " in " ".join(periods.values())
    for what, until in periods.items():
        assert f"<dt>{escape(what)}</dt><dd>{escape(until)}</dd>" in page
        assert until in record
        assert f"{what}: {until}" in draft


@pytest.mark.django_db
def test_record_is_in_bokmal_by_default_and_whole(capsys):
    college = factories.get_college()
    call_command("record_of_processing")
    record = capsys.readouterr().out

    assert record.startswith("# Protokoll over behandlingsaktiviteter\n")
    assert college.privacy_controller in record
    for each in KEPT:
        assert f"### {each.what}\n" in record
        for label, columns in each.columns.items():
            assert f"`{label}` ({', '.join(columns)})" in record
    assert "[fyll inn]" in record


@pytest.mark.django_db
@pytest.mark.parametrize("folder", [None, "/srv/backups/portal"])
def test_record_tells_how_long_backups_are_kept_where_the_portal_makes_them(
    capsys, settings, folder
):
    factories.get_college()
    settings.BACKUP_FOLDER, settings.BACKUP_DAYS, settings.BACKUP_MONTHS = folder, 12, 5
    call_command("record_of_processing")
    told = (
        "- Portalens sikkerhetskopier slettes etter 12 dager, bortsett fra den første i hver "
        "måned, som beholdes i 5 måneder.\n"
    )
    assert (told in capsys.readouterr().out) == bool(folder)


def numbers(output: str) -> list[str]:
    """What a run of the purge says it did, or would do."""
    return re.findall(r"^(?:Would tell|Told|Would purge|Purged) (\d+.*)$", output, re.MULTILINE)


@pytest.mark.django_db
def test_after_the_longest_period_nothing_is_left_and_a_dry_run_counts_the_same(capsys):
    """Over a database with everything in it that is declared."""
    fill_everything()
    assert rows_with(ABOUT_ANN) >= {
        "enrolment.Student",
        "enrolment.Letter",
        "enrolment.Adjustment",
        "enrolment.Message",
        "enrolment.Interest",
        "enrolment.Question",
        "enrolment.LinkRequest",
        "certificates.Certificate",
        "certificates.DeveloperOffer",
        "certificates.Feedback",
    }
    empty = {
        label
        for each in KEPT
        if each.purge
        for label in each.columns
        if not rows_of(label).exists()
    }
    assert empty == set()

    longest = timedelta(days=365 * max(settings.INACTIVE_STUDENT_YEARS, settings.EVENT_YEARS) + 60)
    purged: dict[str, int] = {}
    for more in (timedelta(0), timedelta(days=settings.INACTIVE_UNTOLD_DAYS)):
        with time_machine.travel(timezone.now() + longest + more):
            before = everything()
            call_command("purge_expired", "--dry-run")
            would = numbers(capsys.readouterr().out)
            assert everything() == before
            call_command("purge_expired")
            done = numbers(capsys.readouterr().out)
        assert done == would
        for line in done:
            number, _space, what = line.partition(" ")
            purged[what] = purged.get(what, 0) + int(number.rstrip(":"))

    assert [what for what, number in purged.items() if not number] == []
    assert rows_with(ABOUT_ANN) == set()


def rows_of(label: str) -> models.QuerySet[Model]:
    return apps.get_model(label)._default_manager.all()


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
    }
