"""The verbs that save a course with its developers, and a tutor with a sign-in."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from courses import services
from courses.models import Course, CourseDeveloper, PairRole, Topic, Tutor
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "fjord og fjell 7"


class TestCourse:
    def test_new_course_with_its_pair_and_topics(self):
        topic = Topic.objects.create(name="Hverdag", slug="hverdag")
        course = Course(
            title="Søvn", discreet_title="Kurs", slug="sovn", format="series", summary="Om søvn."
        )
        pair = [CourseDeveloper(tutor=factories.make_tutor(), role=role) for role in PairRole]
        services.save_course(course=course, topics=[topic], developers=pair)
        stored = Course.objects.get()
        assert stored.has_developer_pair
        assert list(stored.topics.all()) == [topic]

    def test_developer_is_replaced_in_one_save_and_no_gap_is_left(self):
        course = factories.make_published_run().course
        peer = course.coursedeveloper_set.get(role="peer")
        with pytest.raises(services.PairIncomplete):
            services.save_course(course=course, removed=[peer])
        assert course.coursedeveloper_set.count() == 2
        new = CourseDeveloper(tutor=factories.make_tutor(), role="peer")
        services.save_course(course=course, removed=[peer], developers=[new])
        assert course.coursedeveloper_set.get(role="peer") == new

    def test_developers_take_over_each_others_row(self):
        course = factories.make_published_run().course
        one, other = course.coursedeveloper_set.order_by("pk")
        before = {one.tutor_id: one.role, other.tutor_id: other.role}
        one.tutor, other.tutor = other.tutor, one.tutor
        services.save_course(course=course, developers=[one, other])
        now = dict(course.coursedeveloper_set.values_list("tutor", "role"))
        roles = {"peer": "professional", "professional": "peer"}
        assert now == {tutor: roles[role] for tutor, role in before.items()}

    def test_address_of_a_published_course_is_fixed(self):
        course = factories.make_published_run().course
        course.slug = "noe-annet"
        with pytest.raises(ValidationError) as refusal:
            services.save_course(course=course)
        assert refusal.value.messages == ["Adressen er fast: Kurset har vært publisert."]

    def test_address_of_a_draft_may_change(self):
        course = factories.make_run().course
        course.slug = "noe-annet"
        services.save_course(course=course)
        assert Course.objects.get().slug == "noe-annet"

    def test_course_without_a_title_is_refused(self):
        course = factories.make_course()
        course.title = ""
        with pytest.raises(ValidationError):
            services.save_course(course=course)


class TestTutor:
    def test_tutor_is_saved_and_signs_in_as_before(self):
        tutor = factories.make_tutor_with_sign_in()
        tutor.name = "Kari"
        services.save_tutor(tutor=tutor)
        kept = Tutor.objects.get()
        assert (kept.name, kept.user, kept.user.is_active) == ("Kari", tutor.user, True)

    def test_tutor_of_a_course_is_not_deleted(self):
        tutor = factories.make_course().developers.first()
        with pytest.raises(ProtectedError):
            services.delete_tutor(tutor=tutor)

    def test_only_somebody_with_a_sign_in_is_let_in_again(self):
        assert services.let_in_again(tutor=factories.make_tutor_with_sign_in())
        assert not services.let_in_again(tutor=factories.make_tutor())
