"""A semester's drafts on one page: what is in the way of each, and the ready ones published."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import College, CourseRun, SchoolHoliday, Substitution, TutorAssignment
from enrolment.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


@pytest.fixture
def semester():
    factories.make_college()
    return factories.make_semester()


def address(semester) -> str:
    return reverse("admin:publish_semester", args=[semester.pk])


def publish(staff, semester, *runs: CourseRun, **more: str):
    sent = {"run": [run.pk for run in runs]} | more
    return staff.post(address(semester), sent, follow=True)


def statuses(*runs: CourseRun) -> list[str]:
    return [CourseRun.objects.get(pk=run.pk).status for run in runs]


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def links_for(staff, run: CourseRun) -> list[str]:
    """Where what this draft lacks is mended."""
    context = staff.get(address(run.semester)).context
    found = next(each for each in context["lacking"] if each.run == run)
    return [each.url for each in (*context["shared"], *found.missing)]


def test_each_sentence_leads_to_the_place_where_it_is_mended(staff, semester) -> None:
    run = factories.make_run(
        course=factories.make_course(with_pair=False), with_pair=False, sessions=0, venue=None
    )
    run.venue = None
    run.save()
    details = reverse("admin:courses_courserun_change", args=[run.pk])
    programme = reverse("admin:run_programme", args=[run.pk])
    course = reverse("admin:courses_course_change", args=[run.course_id])
    assert links_for(staff, run) == [
        f"{course}#coursedeveloper_set-group",
        f"{details}#assignments-group",
        f"{programme}#sessions-group",
        f"{details}#id_venue",
    ]
    for url in links_for(staff, run):
        page, anchor = url.split("#")
        assert f'id="{anchor}"' in staff.get(page, follow=True).content.decode(), url


def test_venues_that_are_not_public_are_mended_where_they_are_chosen(staff, semester) -> None:
    private = factories.make_venue(is_public=False)
    own = factories.make_run(venue=private)
    of_a_session = factories.make_run()
    of_a_session.sessions.update(venue=private)
    details = reverse("admin:courses_courserun_change", args=[own.pk])
    programme = reverse("admin:run_programme", args=[of_a_session.pk])
    assert links_for(staff, own) == [f"{details}#id_venue"]
    assert links_for(staff, of_a_session) == [f"{programme}#sessions-group"]


def test_a_replacement_that_leaves_one_tutor_is_mended_among_the_substitutes(
    staff, semester
) -> None:
    run = factories.make_run()
    one, other = run.assignments.all()
    Substitution.objects.create(session=run.sessions.get(), assignment=one, tutor=other.tutor)
    assert links_for(staff, run) == [reverse("admin:run_substitute", args=[run.pk])]


def test_what_all_of_them_lack_is_said_once(staff, semester) -> None:
    College.objects.update(privacy_text="")
    for _each in range(2):
        factories.make_run()
    page = staff.get(address(semester))
    [shared] = page.context["shared"]
    anchor = reverse("admin:courses_college_changelist") + "#id_privacy_controller"
    assert shared.url == anchor
    assert page.content.decode().count(shared.sentence) == 1
    assert [each.missing for each in page.context["lacking"]] == [[], []]
    assert page.context["ready"] == []


def test_drafts_stand_in_order_of_start_and_those_that_lack_something_first(
    staff, semester
) -> None:
    late, soon = factories.make_run(in_days=20), factories.make_run(in_days=5)
    later, sooner = (factories.make_run(in_days=days, with_pair=False) for days in (21, 6))
    undated = factories.make_run(sessions=0)
    factories.make_published_run()
    factories.make_run(semester=factories.make_semester(year=2001))
    response = staff.get(address(semester))
    assert [each.run for each in response.context["lacking"]] == [sooner, later, undated]
    assert [each.run for each in response.context["ready"]] == [soon, late]
    page = response.content.decode()
    assert page.index('id="lacking"') < page.index('id="ready"')
    assert len(re.findall(r'name="run" value="\d+" id="run-\d+" checked', page)) == 2


def test_what_may_be_a_slip_is_said_and_stands_in_no_ones_way(staff, semester) -> None:
    run = factories.make_run(in_days=14)
    session = run.sessions.get()
    other = factories.make_run(in_days=14, venue=run.venue)
    other.sessions.update(starts_at=session.starts_at, ends_at=session.ends_at)
    outside = factories.make_run(in_days=200)
    day = timezone.localdate(session.starts_at)
    SchoolHoliday.objects.create(name="Høstferie", starts_on=day, ends_on=day)
    begun = factories.make_run(in_days=-1)
    odd = {each.run: each.odd for each in staff.get(address(semester)).context["ready"]}
    [holiday, clash] = odd[run]
    assert holiday.endswith("Høstferie. Det er greit hvis det er meningen.")
    assert f"«{other.course.title}»" in clash
    assert f"«{run.course.title}»" in odd[other][1]
    assert any("er utenfor" in each for each in odd[outside])
    assert "Den første samlingen har begynt, så ingen kan melde seg på nå." in odd[begun]
    publish(staff, semester, run, other, outside)
    assert statuses(run, other, outside) == ["published"] * 3


def test_ready_ones_are_published_and_their_tutors_told(staff, semester) -> None:
    tutor = factories.make_tutor(email="ada@example.org")
    one, other, not_ticked = (factories.make_run() for _each in range(3))
    TutorAssignment.objects.create(run=one, tutor=tutor, role="peer")
    response = publish(staff, semester, one, other)
    assert statuses(one, other, not_ticked) == ["published", "published", "draft"]
    assert said(response) == ["2 kurs er publisert.", "1 brev er skrevet."]
    assert Letter.objects.get().tutor == tutor
    assert response.request["PATH_INFO"] == address(semester)
    assert {run for run, _url in response.context["published"]} == {one, other}
    assert [each.run for each in response.context["ready"]] == [not_ticked]


def test_one_that_is_no_longer_ready_stops_none_of_the_others(staff, semester) -> None:
    first, unready, cancelled, gone, last = (factories.make_run() for _each in range(5))
    already = factories.make_published_run()
    unready.assignments.first().delete()
    CourseRun.objects.filter(pk=cancelled.pk).update(
        status="cancelled", cancelled_at=timezone.now()
    )
    sent = [first, unready, cancelled, gone, last, already]
    CourseRun.objects.get(pk=gone.pk).delete()
    response = publish(staff, semester, *sent)
    assert statuses(first, unready, last) == ["published", "draft", "published"]
    assert said(response) == [
        f"«{unready.course.title}» er ikke publisert. Kurset trenger to kursholdere, én med "
        "egenerfaring og én med fagerfaring. Legg til den som mangler.",
        f"«{cancelled.course.title}» er ikke publisert. Kurset er avlyst. Lag en ny gjennomføring "
        "i stedet.",
        "1 av dem du krysset av, finnes ikke lenger.",
        f"Allerede publisert: «{already.course.title}».",
        "2 kurs er publisert.",
    ]
    # What was published before is nothing to undo here.
    assert {run for run, _url in response.context["published"]} == {first, last}


def test_what_was_just_published_can_be_undone(staff, semester) -> None:
    one, other, earlier = (factories.make_run() for _each in range(3))
    publish(staff, semester, earlier)
    publish(staff, semester, one, other)
    factories.enrol(CourseRun.objects.get(pk=other.pk))
    response = publish(staff, semester, one, other, undo="1")
    assert statuses(one, other, earlier) == ["draft", "published", "published"]
    assert said(response) == [
        f"«{other.course.title}» er fortsatt publisert. Noen har allerede meldt seg på, så dette "
        "ligger fast.",
        "1 kurs er utkast igjen.",
    ]
    assert [each.run for each in response.context["ready"]] == [one]
    assert response.context["published"] == []


def test_nothing_of_another_semester_is_touched(staff, semester) -> None:
    other = factories.make_semester(year=2001)
    run = factories.make_run(semester=other)
    publish(staff, semester, run)
    assert statuses(run) == ["draft"]
    publish(staff, other, run)
    publish(staff, semester, run, undo="1")
    assert statuses(run) == ["published"]


@pytest.mark.any_database
@pytest.mark.parametrize("ticked", [[], ["x"], ["9" * 30]])
def test_nothing_ticked_says_so(staff, semester, ticked: list[str]) -> None:
    response = staff.post(address(semester), {"run": ticked}, follow=True)
    assert said(response) == ["Kryss av for minst ett kurs som skal publiseres."]


@pytest.mark.any_database
def test_a_semester_without_drafts_says_so(staff, semester) -> None:
    page = staff.get(address(semester)).content.decode()
    assert f"Det er ingen utkast i {semester.name}." in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_drafts(
    staff, semester, django_assert_num_queries, number: int
) -> None:
    for _each in range(number):
        factories.make_run(sessions=number)
        lacking = factories.make_run(with_pair=False)
        TutorAssignment.objects.create(run=lacking, tutor=factories.make_tutor(), role="peer")
    published = [factories.make_published_run().pk for _each in range(number)]
    staff.get(address(semester))
    with django_assert_num_queries(17):
        staff.get(address(semester), {"published": published})


@pytest.mark.any_database
def test_the_page_is_found_from_the_index_the_list_and_the_semester(staff, semester) -> None:
    run = factories.make_run()
    factories.make_run(
        semester=factories.make_semester(year=2001, ends_on="2001-12-20", starts_on="2001-08-20")
    )
    link = f'href="{address(semester)}"'
    for page in (
        reverse("admin:index"),
        reverse("admin:courses_semester_changelist"),
        reverse("admin:courses_semester_change", args=[semester.pk]),
    ):
        assert link in staff.get(page).content.decode(), page
    assert f"Publiser {semester.name}" in staff.get(reverse("admin:index")).content.decode()
    run.delete()
    assert link not in staff.get(reverse("admin:index")).content.decode()


@pytest.mark.any_database
def test_sentences_on_the_index_lead_to_where_they_are_mended(staff, semester) -> None:
    run = factories.make_run(with_pair=False)
    details = reverse("admin:courses_courserun_change", args=[run.pk])
    page = staff.get(reverse("admin:index")).content.decode()
    assert f'<li><a href="{details}#assignments-group">Kurset trenger to kursholdere' in page


def test_sign_up_that_opens_too_late_is_said(staff, semester) -> None:
    run = factories.make_run(in_days=5)
    CourseRun.objects.update(enrolment_opens_at=timezone.now() + timedelta(days=6))
    [draft] = staff.get(address(semester)).context["ready"]
    assert draft.run == run
    assert any("Påmeldingen åpner" in each for each in draft.odd)
