"""A small college, counted by hand: who does what, and how much had a full pair."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.co_production import Share, co_production
from courses.models import (
    CourseDeveloper,
    CourseRun,
    PairRole,
    Substitution,
    Tutor,
    TutorAssignment,
)
from courses.tutor_history import coming_sessions, history_of
from tests import factories

pytestmark = pytest.mark.django_db


class College:
    """Four runs of three courses in one semester, a draft, and a run of another semester.

    Ada (peer) and Bo (professional) lead all, and developed «Håp» and «Søvn». Cai stands in.
    """

    def __init__(self) -> None:
        factories.make_college()
        self.ada, self.bo, self.cai = (
            factories.make_tutor(name=name) for name in ("Ada", "Bo", "Cai")
        )
        self.semester = factories.make_semester()
        self.hope, self.sleep, self.food = (
            self.course(title, pair=title != "Mat") for title in ("Håp", "Søvn", "Mat")
        )
        # Held on days -20, -13, -6; to come on 1.
        self.series = self.run(self.hope, in_days=-20, sessions=4)
        self.again = self.run(self.hope, in_days=5, sessions=1)
        # Two sessions were held before it was cancelled, the third never was.
        self.cancelled = self.run(self.sleep, in_days=-10, sessions=3)
        CourseRun.objects.filter(pk=self.cancelled.pk).update(
            status="cancelled", cancelled_at=timezone.now()
        )
        # Older than the rule: published with one developer.
        self.old = self.run(self.food, in_days=-40, sessions=1)
        self.draft = self.run(self.food, in_days=9, sessions=1, status="draft")
        other = factories.make_semester(year=2001)
        self.elsewhere = self.run(self.hope, in_days=-300, sessions=1, semester=other)

    def course(self, title: str, *, pair: bool):
        course = factories.make_course(title=title, with_pair=False)
        roles = [(self.ada, PairRole.PEER), (self.bo, PairRole.PROFESSIONAL)]
        for tutor, role in roles if pair else roles[:1]:
            CourseDeveloper.objects.create(
                course=course, tutor=tutor, role=role, since="2026-01-10"
            )
        return course

    def run(self, course, *, status: str = "published", **fields: object) -> CourseRun:
        fields = {"semester": self.semester} | fields
        run = factories.make_run(course=course, with_pair=False, status="draft", **fields)
        for tutor, role in ((self.ada, PairRole.PEER), (self.bo, PairRole.PROFESSIONAL)):
            TutorAssignment.objects.create(run=run, tutor=tutor, role=role)
        if status == "published":
            CourseRun.objects.filter(pk=run.pk).update(
                status=status, published_at=timezone.now() - timedelta(days=90)
            )
        return run

    def replace(self, run: CourseRun, away: Tutor, number: int, tutor: Tutor | None, **more: bool):
        """From the first session, 0: somebody else, or nobody, in place of the tutor."""
        return Substitution.objects.create(
            session=run.sessions.all()[number],
            assignment=run.assignments.get(tutor=away),
            tutor=tutor,
            **more,
        )


@pytest.fixture
def college() -> College:
    return College()


def test_shares_of_a_college_where_everybody_was_there(college) -> None:
    found = co_production(college.semester)
    # Håp and Søvn of three; all four runs; 4 + 1 + 2 + 1 sessions.
    assert found.courses_with_pair == Share(2, 3)
    assert found.runs_with_pair == Share(4, 4)
    assert found.sessions_with_pair == Share(8, 8)


def test_a_substitute_keeps_the_pair_and_an_absence_breaks_it(college) -> None:
    college.replace(college.series, college.ada, 0, college.cai)  # a pair still
    college.replace(college.series, college.bo, 1, None)  # nobody stood in
    college.replace(college.series, college.bo, 2, college.ada)  # one person in both roles
    college.replace(college.cancelled, college.bo, 2, None)  # which never was held
    found = co_production(college.semester)
    assert found.sessions_with_pair == Share(6, 8)
    assert found.runs_with_pair == Share(4, 4)
    [hope, food, sleep] = found.courses
    series = next(each for each in hope.runs if each.run == college.series)
    assert series.without_pair == 2
    assert [(each.away, each.tutor) for each in series.replacements] == [
        (college.ada, college.cai),
        (college.bo, None),
        (college.bo, college.ada),
    ]
    assert [each.without_pair for each in sleep.runs] == [0]
    assert [each.course.title for each in (hope, food, sleep)] == ["Håp", "Mat", "Søvn"]


def test_a_run_without_its_pair_counts_so(college) -> None:
    college.again.assignments.filter(tutor=college.bo).delete()
    found = co_production(college.semester)
    assert found.runs_with_pair == Share(3, 4)
    assert found.sessions_with_pair == Share(7, 8)


def test_whoever_took_over_is_named_as_an_equal(college) -> None:
    for number in (2, 3):
        college.replace(college.series, college.ada, number, college.cai, is_hand_over=True)
    [hope, _food, _sleep] = co_production(college.semester).courses
    series = next(each for each in hope.runs if each.run == college.series)
    assert series.tutors == [college.ada, college.bo, college.cai]
    assert series.replacements == []
    assert series.without_pair == 0
    assert [(each.tutor, each.role) for each in hope.developers] == [
        (college.ada, "peer"),
        (college.bo, "professional"),
    ]


@pytest.mark.parametrize(
    ("share", "percent"), [(Share(0, 0), 0), (Share(2, 3), 66), (Share(199, 200), 99)]
)
def test_a_hundred_percent_means_all_of_them(share: Share, percent: int) -> None:
    assert share.percent == percent


# What a tutor does


def test_history_of_an_assigned_tutor(college) -> None:
    college.replace(college.series, college.ada, 0, college.cai)
    college.replace(college.series, college.ada, 3, None)
    history = history_of(college.ada)
    assert [each.session.run for each in history.coming] == [college.again, college.draft]
    assert [(each.session.run, each.stands_in) for each in history.held] == [
        (college.cancelled, False),
        (college.series, False),
        (college.cancelled, False),
        (college.series, False),
        (college.old, False),
        (college.elsewhere, False),
    ]
    assert [(each.run, each.led, each.held) for each in history.taught] == [
        (college.cancelled, 2, 2),
        (college.series, 2, 3),
        (college.old, 1, 1),
        (college.elsewhere, 1, 1),
    ]
    facts = history.taught[1].replacements
    assert [(each.away, each.tutor) for each in facts] == [
        (college.ada, college.cai),
        (college.ada, None),
    ]
    assert [(each.course.title, str(each.since)) for each in history.developed] == [
        ("Håp", "2026-01-10"),
        ("Mat", "2026-01-10"),
        ("Søvn", "2026-01-10"),
    ]


def test_history_of_somebody_who_stood_in_and_took_over(college) -> None:
    college.replace(college.series, college.ada, 0, college.cai)
    for number in (2, 3):
        college.replace(college.series, college.bo, number, college.cai, is_hand_over=True)
    history = history_of(college.cai)
    assert [(each.session.run, each.took_over) for each in history.coming] == [
        (college.series, True)
    ]
    assert [(each.stands_in, each.took_over) for each in history.held] == [
        (False, True),
        (True, False),
    ]
    [taught] = history.taught
    assert (taught.led, taught.held) == (2, 3)
    # A hand-over of two sessions is one fact.
    assert [(each.away, each.is_hand_over) for each in taught.replacements] == [
        (college.ada, False),
        (college.bo, True),
    ]
    assert history.developed == []
    assert [each.session.run for each in history_of(college.bo).coming] == [
        college.again,
        college.draft,
    ]


# The pages


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def test_page_of_a_semester_says_who_does_what(staff, college) -> None:
    college.replace(college.series, college.bo, 1, None)
    address = reverse("admin:semester_pairs", args=[college.semester.pk])
    page = " ".join(staff.get(address).content.decode().split())
    assert "<strong>2 av 3 (66 %)</strong>" in page
    assert "<strong>4 av 4 (100 %)</strong>" in page
    assert "<strong>7 av 8 (87 %)</strong>" in page
    assert 'Bo</a> <span class="quiet">(fagerfaring)</span>' in page
    assert "1 samling uten fullt par" in page
    assert ": ingen i stedet for Bo" in page
    semester = reverse("admin:courses_semester_change", args=[college.semester.pk])
    assert f'href="{address}"' in staff.get(semester).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_any_number_of_runs(
    staff, django_assert_num_queries, number: int
) -> None:
    college = College()
    for _each in range(number):
        run = college.run(college.course(f"Nytt {_each}", pair=True), in_days=-3, sessions=number)
        college.replace(run, college.ada, 0, college.cai)
    for name, pk, queries in (
        ("semester_pairs", college.semester.pk, 12),
        ("tutor_courses", college.ada.pk, 11),
    ):
        address = reverse(f"admin:{name}", args=[pk])
        staff.get(address)
        with django_assert_num_queries(queries):
            staff.get(address)


def test_page_of_a_tutor_holds_facts_and_no_role(staff, college) -> None:
    college.replace(college.again, college.ada, 0, college.cai)
    page = staff.get(reverse("admin:tutor_courses", args=[college.cai.pk])).content.decode()
    programme = reverse("admin:run_programme", args=[college.again.pk])
    assert f'<a href="{programme}">Håp</a>' in page
    assert "<strong>vikar</strong>" in page
    for role in ("egenerfaring", "fagerfaring"):
        assert role not in page
    assert "<textarea" not in page


def test_switching_a_tutor_off_says_what_is_still_to_come(staff, college) -> None:
    def switch(tutor: Tutor, **answers: str) -> str:
        address = reverse("admin:courses_tutor_change", args=[tutor.pk])
        answers = {"name": tutor.name, "presentation": "", "email": "", "phone": ""} | answers
        return staff.post(address, answers, follow=True).content.decode()

    page = switch(college.ada)
    assert "Ada står fortsatt på 3 samlinger som kommer, den første" in page
    assert f'<a href="{reverse("admin:tutor_courses", args=[college.ada.pk])}">Se dem' in page
    college.ada.refresh_from_db()
    assert not college.ada.is_active
    assert len(coming_sessions(college.ada)) == 3
    assert "står fortsatt på" not in switch(college.ada, is_active="on")
    assert "står fortsatt på" not in switch(college.cai)
