"""The line at the foot of certificates, in the language of each."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from certificates import services
from certificates.models import Certificate
from courses.models import College
from tests import factories
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


def migrate(*targets: tuple[str, str]):
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return MigrationExecutor(connection).loader.project_state(list(targets)).apps


@pytest.mark.django_db(transaction=True)
def test_migration_keeps_the_line_and_tells_languages():
    try:
        before = migrate(
            ("courses", "0004_pictures_drawn_anew"),
            ("certificates", "0006_key_fingerprint"),
        )
        before.get_model("courses", "College").objects.create(
            name="Skolen", certificate_wording="Takk."
        )
        after = migrate(("courses", "0005_certificate_wording_per_language"))
        college = after.get_model("courses", "College").objects.get()
        assert college.certificate_wordings == {"nb": "Takk."}
        college.delete()
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert apps.get_model("certificates", "Certificate") is Certificate
    assert factories.get_college().certificate_wordings == {}
