"""Certificates with a mistake on them: replaced in one step, or withdrawn; names forgotten."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certificates import services
from certificates.models import Certificate, make_proof
from certificates.services import Verdict, issuing
from courses.models import Course, CourseRun
from enrolment.models import Event
from tests import factories
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_on_fixed_days")]


def issue_one(run: CourseRun | None = None, **fields) -> Certificate:
    run = run or make_held_run()
    be_there(run, **fields)
    (issued,) = services.issue(run=run, by=None)
    return Certificate.objects.get(pk=issued.pk)


def mark(certificate: Certificate, *present: bool) -> None:
    """Correct the register: who was there in the first session, the second, …"""
    for session, is_present in zip(certificate.run.sessions.all(), present, strict=True):
        certificate.student.attendances.update_or_create(
            session=session, defaults={"is_present": is_present}
        )


def verdict(certificate: Certificate, name: str = "Kari Lie") -> Verdict:
    return services.verify(number=certificate.number, name=name).verdict


def events() -> list[tuple[str, int]]:
    return list(
        Event.objects.filter(subject="certificate").order_by("pk").values_list("verb", "subject_id")
    )


# A new one in the place of the old


def test_misspelt_name_is_corrected_in_one_step():
    old = issue_one(name="Kari Li")
    user = factories.make_user()
    new = services.reissue(certificate=old, by=user, name=" Kari  Lie ")
    old.refresh_from_db()
    new.refresh_from_db()
    assert old.superseded_by == new
    assert (new.name, new.student, new.run) == ("Kari Lie", old.student, old.run)
    assert new.number != old.number
    assert new.proof == make_proof(new.number, "Kari Lie")
    assert new.issued_by == user
    assert verdict(old, "Kari Li") == Verdict.REPLACED
    assert verdict(old, "Kari Lie") == Verdict.UNCONFIRMED
    assert verdict(new) == Verdict.GENUINE
    assert events() == [("issued", old.pk), ("replaced", old.pk), ("issued", new.pk)]
    assert old.student.name == "Kari Li"


def test_attendance_corrected_after_issue_gives_the_new_hours():
    old = issue_one()
    mark(old, False, True)
    new = services.reissue(certificate=old, by=None)
    assert (new.hours, new.sessions_attended) == (Decimal(2), 1)
    assert (new.first_on, new.last_on) == (date(2025, 11, 12), date(2025, 11, 12))
    mark(old, True, True)
    newest = services.reissue(certificate=new, by=None)
    assert (newest.hours, newest.sessions_attended) == (Decimal(4), 2)
    assert [verdict(each) for each in (old, new, newest)] == ["replaced", "replaced", "genuine"]


def test_every_fact_is_frozen_anew():
    old = issue_one(make_held_run(course=factories.make_course(discreet_title="Kurs")))
    Course.objects.update(discreet_title="Mot")
    new = services.reissue(certificate=old, by=None)
    assert (old.title, new.title) == ("Kurs", "Mot")


def test_corrected_name_and_language_stay_when_attendance_is_corrected():
    old = issue_one(name="Kari Li")
    named = services.reissue(certificate=old, by=None, name="Kari Lie", language="en")
    mark(named, True, True)
    new = services.reissue(certificate=named, by=None)
    assert (new.name, new.language, new.hours) == ("Kari Lie", "en", Decimal(4))


def test_where_nothing_differs_nothing_is_made():
    old = issue_one()
    assert services.reissue(certificate=old, by=None) == old
    assert services.reissue(certificate=old, by=None, name="Kari Lie", language="nb") == old
    assert Certificate.objects.count() == 1
    assert events() == [("issued", old.pk)]


def test_pressing_twice_is_pressing_once():
    old = issue_one(name="Kari Li")
    stale = Certificate.objects.get(pk=old.pk)
    new = services.reissue(certificate=old, by=None, name="Kari Lie")
    assert services.reissue(certificate=stale, by=None, name="Kari Lie") == new
    assert Certificate.objects.count() == 2


def test_an_older_page_does_not_undo_a_colleagues_correction():
    certificate = issue_one()
    newest = services.reissue(certificate=certificate, by=None, name="Kari Liesen", language="nn")
    for asked in ({"name": "Kari Berg"}, {"name": certificate.name, "language": "en"}):
        with pytest.raises(services.Replaced):
            services.reissue(certificate=certificate, by=None, **asked)
    assert list(Certificate.objects.valid()) == [newest]


def test_certificate_by_name_alone_keeps_what_was_taken_part_in():
    run = make_held_run()
    session = run.sessions.first()
    (old,) = services.issue_by_name(
        run=run, sessions=[session], names=["Kari Li"], language="nb", by=None
    ).certificates
    new = services.reissue(certificate=old, by=None, name="Kari Lie")
    assert (new.name, new.student, new.session) == ("Kari Lie", None, session)
    assert (new.hours, new.first_on, new.place) == (old.hours, old.first_on, old.place)
    assert services.given_at(session) == 1


def test_identity_number_is_refused():
    old = issue_one()
    with pytest.raises(ValidationError):
        services.reissue(certificate=old, by=None, name="01010012356")
    assert Certificate.objects.count() == 1


def test_somebody_marked_in_no_session_gets_no_new_one():
    old = issue_one()
    mark(old, False, False)
    with pytest.raises(services.NotHereAnyLonger):
        services.reissue(certificate=old, by=None, name="Kari")
    assert verdict(old) == Verdict.GENUINE


def test_withdrawn_one_is_not_replaced():
    old = issue_one()
    services.revoke(certificate=old, by=None)
    with pytest.raises(services.Withdrawn):
        services.reissue(certificate=old, by=None, name="Kari")


def test_crash_in_between_leaves_the_old_one_as_it_was(monkeypatch):
    old = issue_one()

    def crash(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(services.correcting, "log", crash)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.reissue(certificate=old, by=None, name="Kari")
    monkeypatch.undo()
    assert Certificate.objects.valid().get() == old
    assert services.reissue(certificate=old, by=None, name="Kari").name == "Kari"


def test_two_valid_ones_cannot_be():
    old = issue_one()
    values = {
        each.attname: getattr(old, each.attname)
        for each in Certificate._meta.concrete_fields
        if each.name not in ("id", "number")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(**values, number="2345678923")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_reissue_once():
    old = issue_one(name="Kari Li")

    def press() -> Certificate:
        return services.reissue(certificate=old, by=None, name="Kari Lie")

    results = at_once(press, press, press)
    assert len({each.pk for each in results}) == 1
    assert Certificate.objects.valid().get() == results[0]
    assert Certificate.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_replacing_and_issuing_at_once_leaves_one_valid():
    run = make_held_run()
    old = issue_one(run, name="Kari Li")
    results = at_once(
        lambda: services.reissue(certificate=old, by=None, name="Kari Lie"),
        lambda: services.issue(run=run, by=None),
        lambda: services.issue(run=run, by=None),
    )
    assert results[1:] == [[], []]
    assert Certificate.objects.valid().get() == results[0]


@pytest.mark.django_db(transaction=True)
def test_replacing_and_withdrawing_at_once_leaves_one_story():
    old = issue_one(name="Kari Li")
    replaced, withdrawn = at_once(
        lambda: services.reissue(certificate=old, by=None, name="Kari Lie"),
        lambda: services.revoke(certificate=old, by=None),
    )
    if isinstance(replaced, Certificate):
        assert isinstance(withdrawn, services.Replaced)
        assert verdict(old, "Kari Li") == Verdict.REPLACED
    else:
        assert isinstance(replaced, services.Withdrawn)
        assert verdict(old, "Kari Li") == Verdict.WITHDRAWN


# Withdrawn


def test_withdrawn_one_is_not_valid_and_twice_is_once():
    certificate = issue_one()
    services.revoke(certificate=certificate, by=None)
    first = Certificate.objects.get().revoked_at
    services.revoke(certificate=certificate, by=None)
    assert Certificate.objects.get().revoked_at == first
    assert verdict(certificate) == Verdict.WITHDRAWN
    assert events() == [("issued", certificate.pk), ("revoked", certificate.pk)]


def test_replaced_one_cannot_be_withdrawn():
    old = issue_one()
    new = services.reissue(certificate=old, by=None, name="Kari")
    with pytest.raises(services.Replaced):
        services.revoke(certificate=old, by=None)
    assert Certificate.objects.valid().get() == new


# Issuing to many


def test_crash_between_leaves_nothing_and_issuing_goes_on_afterwards(monkeypatch):
    run = make_held_run()
    for each in range(3):
        be_there(run, name=f"Student {each}")

    def crash(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(issuing, "log_all", crash)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.issue(run=run, by=None)
    monkeypatch.undo()
    assert not Certificate.objects.exists()
    assert len(services.issue(run=run, by=None)) == 3
    assert Event.objects.filter(verb="issued").count() == 3


# What the register says now


def test_changed_since_issue_names_the_new_hours_and_who_is_gone():
    run = make_held_run()
    same = be_there(run, name="Ida Moe")
    more = be_there(run, name="Kari Lie")
    gone = be_there(run, name="Åse Vik")
    services.issue(run=run, by=None)
    services.issue_by_name(
        run=run, sessions=[run.sessions.first()], names=["Ola Dal"], language="nb", by=None
    )
    certificates = {each.student_id: each for each in Certificate.objects.all()}
    mark(certificates[more.pk], True, True)
    mark(certificates[gone.pk], False, False)
    changed = services.changed_since_issue(
        Certificate.objects.order_by("pk"), services.attended_sessions(run)
    )
    assert changed == [
        services.Changed(certificates[more.pk], Decimal(4)),
        services.Changed(certificates[gone.pk], None),
    ]
    assert same.pk in certificates


# Names forgotten


def test_forgotten_name_leaves_number_proof_and_facts():
    old = issue_one()
    new = services.reissue(certificate=old, by=None, name="Kari Marie Lie")
    forgotten = services.erase_name(Certificate.objects.filter(student=old.student))
    assert forgotten == 2
    assert set(Certificate.objects.values_list("name", "student")) == {("", None)}
    assert verdict(old) == Verdict.REPLACED
    assert verdict(new, "Kari Marie Lie") == Verdict.GENUINE
    assert {verb for verb, _row in events()} == {"issued", "replaced", "purged"}
    assert services.erase_name(Certificate.objects.filter(student=old.student)) == 0


def test_forgotten_one_is_neither_replaced_nor_printed():
    run = make_held_run()
    old = issue_one(run)
    services.erase_name(Certificate.objects.all())
    with pytest.raises(services.NameForgotten):
        services.reissue(certificate=old, by=None, name="Kari")
    client = signed_in(factories.make_coordinator())
    for url in ("", "rett/", "trekk-tilbake/"):
        assert client.get(f"/kursholder/{run.pk}/kursbevis/{old.pk}/{url}").status_code == 404
    assert client.get(f"/kursholder/{run.pk}/kursbevis/alle/").status_code == 404


# The tutor's pages


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def tutor():
    return factories.make_tutor_with_sign_in()


@pytest.fixture
def run(tutor):
    run = make_held_run()
    run.assignments.create(tutor=tutor, role="peer")
    return run


@pytest.fixture
def client(tutor):
    return signed_in(tutor.user)


def page(client: Client, run: CourseRun) -> str:
    return client.get(f"/kursholder/{run.pk}/kursbevis/").content.decode()


def test_tutor_corrects_a_name(client, run):
    old = issue_one(run, name="Kari Li")
    url = f"/kursholder/{run.pk}/kursbevis/{old.pk}/rett/"
    assert url in page(client, run)
    assert 'value="Kari Li"' in client.get(url).content.decode()
    response = client.post(url, {"name": "Kari Lie", "language": "nn"}, follow=True)
    assert "Et nytt kursbevis er laget" in response.content.decode()
    new = Certificate.objects.valid().get()
    assert (new.name, new.language) == ("Kari Lie", "nn")
    client.post(url, {"name": "Kari Lie", "language": "nn"})
    assert Certificate.objects.count() == 2


def test_name_must_be_one(client, run):
    old = issue_one(run)
    response = client.post(
        f"/kursholder/{run.pk}/kursbevis/{old.pk}/rett/", {"name": " ", "language": "nb"}
    )
    assert "<title>Feil:" in response.content.decode()
    assert Certificate.objects.count() == 1


def test_tutor_sees_and_renews_what_changed(client, run):
    old = issue_one(run)
    gone = issue_one(run, name="Åse Vik")
    assert "Endret siden" not in page(client, run)
    mark(old, True, True)
    mark(gone, False, False)
    shown = page(client, run)
    assert "Timer på kursbeviset: 2. I oppmøtelista: 4." in shown
    assert "Ikke lenger ført som til stede" in shown
    for _twice in range(2):
        client.post(f"/kursholder/{run.pk}/kursbevis/nye/")
        assert Certificate.objects.valid().get(student=old.student).hours == 4
        assert Certificate.objects.count() == 3
    assert "Timer på kursbeviset" not in page(client, run)


def test_tutor_withdraws_after_a_question(client, run):
    certificate = issue_one(run)
    url = f"/kursholder/{run.pk}/kursbevis/{certificate.pk}/trekk-tilbake/"
    assert "Kari Lie" in client.get(url).content.decode()
    assert Certificate.objects.valid().exists()
    assert "Kursbeviset er trukket tilbake" in client.post(url, follow=True).content.decode()
    assert verdict(certificate) == Verdict.WITHDRAWN
    assert client.post(url).status_code == 302
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("end", ["rett/", "trekk-tilbake/"])
def test_strangers_find_no_such_page(run, end):
    certificate = issue_one(run)
    other = make_held_run()
    url = f"/kursholder/{run.pk}/kursbevis/{certificate.pk}/{end}"
    assert Client().get(url).status_code == 302
    assert signed_in(factories.make_user()).get(url).status_code == 404
    stranger = factories.make_tutor_with_sign_in()
    assert signed_in(stranger.user).post(url).status_code == 404
    coordinator = signed_in(factories.make_coordinator())
    assert coordinator.get(url).status_code == 200
    wrong_run = f"/kursholder/{other.pk}/kursbevis/{certificate.pk}/{end}"
    assert coordinator.get(wrong_run).status_code == 404
    assert Certificate.objects.valid().get() == certificate


@pytest.mark.parametrize("number", [1, 3])
def test_page_with_changes_costs_the_same_for_any_number(client, run, number):
    for each in range(number):
        be_there(run, name=f"Student {each}")
    services.issue(run=run, by=None)
    for certificate in Certificate.objects.all():
        mark(certificate, True, True)
    with CaptureQueriesContext(connection) as queries:
        assert "Endret siden" in page(client, run)
    assert len(queries) == 10


# The admin


def test_admin_finds_a_number_as_it_is_printed_and_links_to_the_actions(run):
    certificate = issue_one(run)
    client = signed_in(factories.make_coordinator())
    url = "/admin/certificates/certificate/"
    found = client.get(url, {"q": certificate.printed_number.lower()}).content.decode()
    assert certificate.printed_number in found
    assert certificate.printed_number not in client.get(url, {"q": "222-2222-222"}).content.decode()
    shown = client.get(f"{url}{certificate.pk}/change/").content.decode()
    for end in ("", "rett/", "trekk-tilbake/"):
        assert f'href="/kursholder/{run.pk}/kursbevis/{certificate.pk}/{end}"' in shown
    services.revoke(certificate=certificate, by=None)
    shown = client.get(f"{url}{certificate.pk}/change/").content.decode()
    assert "trekk-tilbake" not in shown
    assert 'name="_save"' not in shown


@pytest.mark.parametrize("number", [1, 3])
def test_admin_list_costs_the_same_for_any_number(number):
    run = make_held_run()
    for each in range(number):
        be_there(run, name=f"Student {each}")
    services.issue(run=run, by=None)
    client = signed_in(factories.make_coordinator())
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/admin/certificates/certificate/").content.decode()
    assert page.count("Student ") == number
    assert len(queries) == 10
