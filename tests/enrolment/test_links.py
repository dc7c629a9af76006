import pytest
from django.core.signing import TimestampSigner

from enrolment import links
from enrolment.links import Purpose
from tests import factories

pytestmark = pytest.mark.django_db


def test_each_purpose_opens_only_its_own_page():
    enrolment = factories.enrol(factories.make_published_run())
    tokens = {purpose: links.enrolment_token(purpose, enrolment) for purpose in list(Purpose)[1:]}
    for purpose, token in tokens.items():
        for wanted in tokens:
            expected = enrolment if purpose == wanted else None
            assert links.enrolment_of(wanted, token) == expected
        assert links.student_of(token) is None


def test_a_token_names_one_enrolment_of_its_own_student():
    one, other = (factories.enrol(factories.make_published_run()) for _each in range(2))
    signer = TimestampSigner(salt="enrolment.links.withdraw")
    for wrong in (other.submission, other.pk, ""):
        forged = signer.sign(f"{one.student.key}.{wrong}")
        assert links.enrolment_of(Purpose.WITHDRAW, forged) is None


def test_erased_students_have_no_link():
    enrolment = factories.enrol(factories.make_published_run())
    student = enrolment.student
    page = links.page_token(student)
    withdrawal = links.enrolment_token(Purpose.WITHDRAW, enrolment)
    student.erased_at = enrolment.enrolled_at
    student.save()
    assert links.student_of(page) is None
    assert links.enrolment_of(Purpose.WITHDRAW, withdrawal) is None


def test_link_carries_the_language_and_the_site(settings):
    settings.SITE_URL = "https://skolen.example.org"
    student = factories.make_student()
    for language, prefix in (("nb", ""), ("nn", "/nn"), ("en", "/en")):
        link = links.link(Purpose.PAGE, student=student, enrolment=None, language=language)
        assert link.startswith(f"https://skolen.example.org{prefix}/min-side/apne/")


def test_link_to_withdraw_needs_an_enrolment():
    with pytest.raises(ValueError, match="about an enrolment"):
        links.link(
            Purpose.WITHDRAW, student=factories.make_student(), enrolment=None, language="nb"
        )


def test_link_outlives_the_secret_key_that_signed_it_while_that_is_a_fallback(settings):
    student = factories.enrol(factories.make_published_run()).student
    token = links.page_token(student)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key, as long as it must be"
    assert links.student_of(token) == student
    assert links.page_token(student) != token
    settings.SECRET_KEY_FALLBACKS = []
    assert links.student_of(token) is None
