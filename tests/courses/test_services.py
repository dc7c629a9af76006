from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses import services
from courses.models import (
    CourseDeveloper,
    CourseRun,
    NoticeVersion,
    PairRole,
    TutorAssignment,
)
from tests.factories import (
    get_college,
    make_college,
    make_course,
    make_published_run,
    make_run,
    make_tutor,
    make_venue,
)

pytestmark = pytest.mark.django_db


def missing(run: CourseRun) -> list[str]:
    with pytest.raises(services.NotPublishable) as refused:
        services.publish(run=CourseRun.objects.get(pk=run.pk))
    run.refresh_from_db()
    assert run.is_draft
    return refused.value.missing


def test_publish_makes_the_run_visible_and_twice_is_once():
    get_college()
    run = make_run()
    services.publish(run=run)
    run.refresh_from_db()
    first = run.published_at
    services.publish(run=run)
    run.refresh_from_db()
    assert (run.status, run.published_at) == ("published", first)


@pytest.mark.parametrize("entry", ["sign_up", "drop_in", "closed"])
def test_published_run_of_the_factories_is_as_the_verb_leaves_it(entry):
    """Tests take the factory's run for a published one: nothing the verb asks for is missing."""
    made, published = make_published_run(entry=entry), make_run(entry=entry)
    services.publish(run=published, now=made.published_at)
    published.refresh_from_db()
    assert services.missing_for_publication(made) == []
    its_own = {"id", "course_id", "venue_id", "changed_at"}
    assert {
        field.attname
        for field in CourseRun._meta.concrete_fields
        if getattr(made, field.attname) != getattr(published, field.attname)
    } <= its_own


class TestMissing:
    @pytest.fixture(autouse=True)
    def _college(self):
        get_college()

    @pytest.mark.parametrize("role", PairRole.values)
    def test_developer(self, role):
        run = make_run()
        CourseDeveloper.objects.filter(course=run.course, role=role).delete()
        assert len(missing(run)) == 1

    @pytest.mark.parametrize("role", PairRole.values)
    def test_tutor(self, role):
        run = make_run()
        TutorAssignment.objects.filter(run=run, role=role).delete()
        assert len(missing(run)) == 1

    def test_sessions(self):
        assert len(missing(make_run(sessions=0))) == 1

    def test_venue(self):
        run = make_run()
        CourseRun.objects.filter(pk=run.pk).update(venue=None)
        assert len(missing(run)) == 1
        run.sessions.update(venue=make_venue())
        services.publish(run=run)

    def test_public_venue(self):
        private = make_venue(is_public=False)
        assert len(missing(make_run(venue=private))) == 1
        run = make_run()
        run.sessions.update(venue=private)
        assert len(missing(run)) == 1

    def test_everything_is_told_at_once(self):
        run = make_run(with_pair=False, sessions=0, course=make_course(with_pair=False))
        assert len(missing(run)) == 3

    def test_a_cancelled_run_is_not_published_again(self):
        run = make_run()
        CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
        with pytest.raises(services.NotPublishable):
            services.publish(run=run)


@pytest.mark.parametrize("field", ["privacy_controller", "privacy_notice", "privacy_text"])
def test_publish_needs_the_colleges_privacy_texts(field):
    make_college(**{field: " "})
    assert len(missing(make_run())) == 1


def test_publish_needs_a_college():
    assert len(missing(make_run())) == 1


class TestPairs:
    def test_replacing_somebody_is_fine(self):
        run = make_published_run()
        TutorAssignment.objects.filter(run=run, role="peer").update(tutor=make_tutor())
        services.check_pairs(course=run.course)

    @pytest.mark.parametrize("role", PairRole.values)
    def test_leaving_a_gap_is_refused(self, role):
        run = make_published_run()
        TutorAssignment.objects.filter(run=run, role=role).delete()
        with pytest.raises(services.PairIncomplete):
            services.check_pairs(course=run.course)

    @pytest.mark.parametrize("role", PairRole.values)
    def test_leaving_a_gap_behind_the_course_is_refused(self, role):
        run = make_published_run()
        CourseDeveloper.objects.filter(course=run.course, role=role).delete()
        with pytest.raises(services.PairIncomplete):
            services.check_pairs(course=run.course)

    def test_drafts_are_not_judged(self):
        run = make_run(with_pair=False, course=make_course(with_pair=False))
        services.check_pairs(course=run.course)

    def test_held_runs_are_not_judged_again(self):
        run = make_published_run()
        TutorAssignment.objects.filter(run=run).delete()
        with time_machine.travel(run.ends_at + timedelta(hours=1)):
            services.check_pairs(course=run.course)


class TestNoticeVersions:
    def test_new_words_are_a_new_version(self):
        college = make_college()
        assert NoticeVersion.objects.count() == 1
        college.privacy_notice = "Nye ord."
        services.save_college(college=college)
        assert NoticeVersion.objects.latest().privacy_notice == "Nye ord."
        assert NoticeVersion.objects.count() == 2

    def test_other_changes_are_not(self):
        college = make_college()
        college.phone = "+4722865001"
        services.save_college(college=college)
        assert NoticeVersion.objects.count() == 1


def test_slug_is_frozen_at_first_publication():
    run = make_run()
    assert not services.slug_is_frozen(run.course)
    get_college()
    services.publish(run=run)
    assert services.slug_is_frozen(run.course)
