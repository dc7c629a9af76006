"""The line at the foot of certificates, in the language of each."""

import pytest

from certificates import services
from courses.models import College
from tests.certificates.test_services import be_there, make_held_run

WORDINGS = {"nb": "Takk for at du var med.", "en": "Thank you for taking part."}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", ("Takk for at du var med.", "nb")),
        ("nn", ("Takk for at du var med.", "nb")),
        ("en", ("Thank you for taking part.", "en")),
    ],
)
def test_certificate_has_the_line_in_its_language_or_in_the_colleges_own(language, expected):
    run = make_held_run()
    College.objects.update(certificate_wordings=WORDINGS)
    student = be_there(run)
    student.language = language
    student.save()
    (certificate,) = services.issue(run=run, by=None)
    assert (certificate.wording, certificate.wording_language) == expected
    assert (certificate.language, certificate.title_language) == (language, "nb")


def test_college_without_a_line_prints_none():
    assert College(certificate_wordings={}).certificate_wording("en") == ("", "en")
    assert College(certificate_wordings={"en": "Hi"}).certificate_wording("nb") == ("", "nb")


def test_language_added_by_settings_needs_nothing_else():
    college = College(certificate_wordings=WORDINGS | {"se": "Giitu."})
    assert college.certificate_wording("se") == ("Giitu.", "se")


@pytest.mark.django_db
def test_another_language_takes_the_line_along():
    run = make_held_run()
    College.objects.update(certificate_wordings=WORDINGS)
    be_there(run)
    (old,) = services.issue(run=run, by=None)
    new = services.reissue(certificate=old, by=None, language="en")
    assert (new.wording, new.wording_language) == ("Thank you for taking part.", "en")
    assert services.reissue(certificate=new, by=None) == new
