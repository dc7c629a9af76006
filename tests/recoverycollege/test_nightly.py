"""The work of the night: all of it is tried, and what became of each step is kept."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recoverycollege.models import NightlyStep

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def run_nightly() -> tuple[list[str], list[str], str]:
    """The last line of each step, what is complained of, and how it ends."""
    said, complained, ended = StringIO(), StringIO(), ""
    try:
        call_command("nightly", stdout=said, stderr=complained)
    except CommandError as error:
        ended = str(error)
    return said.getvalue().splitlines(), complained.getvalue().splitlines(), ended


def kept() -> dict[str, bool]:
    return dict(NightlyStep.objects.values_list("step", "succeeded"))


def test_every_step_is_done_and_written_down(settings, tmp_path):
    settings.BACKUP_FOLDER = None
    before = timezone.now()
    steps = ["purge_expired", "owe_reminders", "clearsessions"]
    assert run_nightly() == ([f"{step}: done." for step in steps], [], "")
    assert kept() == dict.fromkeys(steps, True)
    assert all(before <= each.ended_at <= timezone.now() for each in NightlyStep.objects.all())


def test_a_step_that_fails_stops_none_of_the_others(settings, tmp_path, monkeypatch, caplog):
    settings.BACKUP_FOLDER = tmp_path / "not-there"

    def breaks(**arguments: object) -> int:
        raise ValueError("a fault nobody has thought of")

    monkeypatch.setattr("recoverycollege.management.commands.owe_reminders.remind_students", breaks)
    said, complained, ended = run_nightly()
    assert said == [
        "purge_expired: done.",
        "owe_reminders: FAILED.",
        "clearsessions: done.",
        "back_up: FAILED.",
    ]
    assert complained == ["back_up: The backup could not be written: No such file or directory."]
    assert [record.message for record in caplog.records] == ["owe_reminders failed."]
    assert ended == "Not done tonight: owe_reminders, back_up."
    assert kept() == {
        "purge_expired": True,
        "owe_reminders": False,
        "clearsessions": True,
        "back_up": False,
    }

    # The next night is better: nothing is left of the fault.
    monkeypatch.undo()
    settings.BACKUP_FOLDER = None
    assert run_nightly()[2] == ""
    assert kept()["owe_reminders"]
