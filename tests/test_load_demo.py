"""The command that loads the demo college: on any day, and never over a real one."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from certificates.models import Certificate
from courses.models import (
    Availability,
    College,
    Course,
    CourseRun,
    Semester,
)
from enrolment.models import Letter, Student
from tests.enrolment import invariants
from tests.factories import make_college, make_course, make_student, oslo


def sign_ins_printed(capsys) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if "Sign in as" in line]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_college, make_course, make_student])
def test_refuses_a_database_that_holds_a_real_college(make):
    make()
    before = Course.objects.count(), Student.objects.count(), College.objects.count()
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert (Course.objects.count(), Student.objects.count(), College.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.any_database  # on PostgreSQL tests/test_demo_college.py loads it
@pytest.mark.parametrize(
    "moment",
    [
        oslo(2027, 1, 1, 0, 5),
        oslo(2027, 6, 30, 23, 50),
        oslo(2027, 7, 15),
        oslo(2026, 12, 31, 23, 55),
    ],
)
def test_works_on_any_day_of_the_year_and_makes_no_users_in_production(moment, capsys):
    with time_machine.travel(moment, tick=False):
        call_command("load_demo")
        invariants.check_all()
        past, before, current, coming = Semester.objects.order_by("starts_on")
        today = timezone.localdate()
        assert before.ends_on < today <= current.ends_on < coming.starts_on
        seen = {run.availability() for run in CourseRun.objects.public().with_programme()}
        assert {Availability.ROOM, Availability.WAITING_LIST, Availability.HELD} <= seen
        assert Certificate.objects.filter(run__semester=past).exists()
    assert not User.objects.exists()
    assert not Letter.objects.to_send(timezone.now() + timedelta(days=1000)).exists()
    assert sign_ins_printed(capsys) == []
