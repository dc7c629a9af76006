"""The database holds what the code assumes, and says it in words."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate
from courses.models import CourseFile, CourseRun, Idea, Opportunity, Page, Semester
from enrolment import services
from enrolment.models import Enrolment, Letter, Message, Student
from tests import factories

OWN_APPS = ("courses", "enrolment", "certificates")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OWN_MODELS = [model for app in OWN_APPS for model in apps.get_app_config(app).get_models()]
CHOICE_FIELDS = [
    (model, field.name)
    for model in OWN_MODELS
    for field in model._meta.fields
    # Another language is added by settings alone.
    if field.choices and list(field.choices) != list(settings.LANGUAGES)
]


def refuses(model: type[models.Model], **fields: object) -> bool:
    """Whether the database refuses to write this into a row that is there."""
    try:
        with transaction.atomic():
            assert model.objects.update(**fields) == 1
    except IntegrityError:
        return True
    return False


def make_one(model: type[models.Model]) -> None:
    """One row of each model that has a choice, and no other of it."""
    if model is Semester:
        factories.make_semester()
    elif model._meta.model_name == "partner":
        model.objects.create(name="Kommunen")
    elif model is Idea:
        model.objects.create(text="Å sove godt")
    elif model is Opportunity:
        factories.make_opportunity()
    elif model is Page:
        factories.make_page()
    elif model is CourseFile:
        factories.make_course_file()
    elif model._meta.app_label == "courses":
        factories.make_published_run()
    else:
        factories.enrol(factories.make_published_run())
    if model is Certificate:
        run = factories.make_published_run(in_days=-1)
        student, session = factories.make_student(), run.sessions.get()
        Attendance.objects.create(student=student, session=session, is_present=True)
        certificate_services.issue(run=run, by=None)
    if model is Message:
        factories.make_message(CourseRun.objects.get())
    for extra in model.objects.order_by("pk")[1:]:
        extra.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field"), CHOICE_FIELDS, ids=[f"{m.__name__}.{f}" for m, f in CHOICE_FIELDS]
)
def test_no_column_holds_what_is_no_choice(model, field):
    make_one(model)
    assert refuses(model, **{field: "x"})


def test_every_choice_is_known_to_its_check():
    """A new choice without its check, or the other way round, is a mistake."""
    checks = {
        (model, name): set(values)
        for model in OWN_MODELS
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        for name, values in [
            (child[0].removesuffix("__in"), child[1])
            for child in constraint.condition.children
            if isinstance(child, tuple) and child[0].endswith("__in")
        ]
    }
    for model, name in CHOICE_FIELDS:
        if (model, name) == (Student, "channel"):
            continue  # its check also asks for the contact
        field = model._meta.get_field(name)
        blank = {""} if field.blank else set()
        assert checks[model, name] == {value for value, _label in field.choices} | blank, name


def own_constraints() -> list[models.BaseConstraint]:
    return [each for model in OWN_MODELS for each in model._meta.constraints]


@pytest.mark.parametrize("constraint", own_constraints(), ids=lambda each: each.name)
def test_every_check_says_in_three_languages_what_is_wrong(constraint):
    if isinstance(constraint, models.UniqueConstraint) and not constraint.condition:
        return  # Django's own words name the fields
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(str(constraint.get_violation_error_message()))
    assert len(set(said)) == len(settings.LANGUAGES)
    assert not any(constraint.name in each for each in said)


@pytest.mark.django_db
class TestRuns:
    @pytest.mark.parametrize(
        ("fields", "refused"),
        [
            ({"status": "cancelled"}, True),
            ({"status": "cancelled", "cancelled_at": NOW}, False),
            ({"status": "draft", "cancelled_at": NOW}, True),
            ({"cancelled_at": NOW}, True),
            ({"enrolment_opens_at": NOW, "enrolment_closes_at": NOW}, True),
            ({"enrolment_opens_at": NOW + timedelta(1), "enrolment_closes_at": NOW}, True),
            ({"enrolment_opens_at": NOW - timedelta(1), "enrolment_closes_at": NOW}, False),
            ({"enrolment_opens_at": NOW}, False),
            ({"enrolment_closes_at": NOW}, False),
        ],
    )
    def test_run_that_contradicts_itself_is_refused(self, fields, refused):
        factories.make_published_run()
        assert refuses(CourseRun, **fields) == refused

    def test_window_in_the_wrong_order_is_said_in_words(self):
        run = factories.make_run()
        run.enrolment_opens_at, run.enrolment_closes_at = NOW, NOW
        with pytest.raises(ValidationError) as refusal:
            run.validate_constraints()
        assert refusal.value.messages == ["Påmeldingen må åpne før den stenger."]


@pytest.mark.django_db
class TestPeople:
    @pytest.mark.parametrize(
        ("fields", "refused"),
        [
            ({"channel": "email", "email": ""}, True),
            ({"channel": "phone", "phone": ""}, True),
            ({"channel": "paper", "postal_address": ""}, True),
            ({"channel": "none"}, True),
            ({"channel": "phone", "phone": "+4722865000"}, False),
            ({"channel": "paper", "postal_address": "Storgata 1"}, False),
            ({"channel": "none", "email": ""}, False),
            ({"channel": "none", "email": "", "phone": "+4722865000"}, True),
        ],
    )
    def test_channel_has_its_contact(self, fields, refused):
        factories.make_student(email="kari@example.org")
        assert refuses(Student, **fields) == refused

    def test_channel_without_its_contact_is_said_in_words(self):
        student = factories.make_student()
        with pytest.raises(ValidationError) as refusal:
            services.change_contact(student=student, email="", by=None)
        assert refusal.value.messages == [
            "Skriv e-postadressen, nummeret eller postadressen vi skal nå studenten på."
        ]

    @pytest.mark.parametrize(
        ("fields", "refused"),
        [
            ({"text": ""}, True),
            ({"audience": "one"}, True),
            ({"sent_at": NOW}, True),
            ({"sent_to": 1}, True),
            ({"sent_at": NOW, "sent_to": 0}, True),
            ({"sent_at": NOW, "sent_to": 1}, False),
            ({"sent_at": NOW, "sent_to": 1, "text": ""}, False),
        ],
    )
    def test_message_that_contradicts_itself_is_refused(self, fields, refused):
        factories.make_message(factories.make_published_run())
        assert refuses(Message, **fields) == refused

    def test_only_a_message_is_a_letter_with_a_message(self):
        factories.enrol(factories.make_published_run())
        assert refuses(Letter, kind="message")
        message = factories.make_message(CourseRun.objects.get())
        assert refuses(Letter, message=message)
        assert not refuses(Letter, message=message, kind="message")

    def test_whoever_waits_has_got_no_place(self):
        factories.enrol(factories.make_published_run(capacity=1))
        run = CourseRun.objects.get()
        factories.enrol(run)
        Letter.objects.all().delete()
        Enrolment.objects.with_place().delete()
        assert refuses(Enrolment, placed_at=NOW)


@pytest.mark.django_db
def test_certificate_is_not_both_replaced_and_withdrawn():
    run = factories.make_published_run()
    old, new = (
        Certificate.objects.create(
            run=run,
            language="nb",
            title="Kurs",
            hours=2,
            sessions_attended=1,
            first_on=NOW,
            last_on=NOW,
            tutors=[],
            owners=[],
        )
        for _each in range(2)
    )
    for replaced, revoked in itertools.product((None, new), (None, NOW)):
        old.superseded_by, old.revoked_at = replaced, revoked
        if replaced and revoked:
            with pytest.raises(IntegrityError), transaction.atomic():
                old.save()
        else:
            old.save()


OLD = [
    ("courses", "0005_certificate_wording_per_language"),
    ("enrolment", "0007_purged_events"),
    ("certificates", "0009_session_codes"),
]


def old_rows(old) -> dict[str, models.Model]:
    """What the code never wrote, but the database once let pass."""
    semester = old.get_model("courses", "Semester").objects.create(
        year=2026, term="autumn", starts_on=NOW, ends_on=NOW + timedelta(9), enrolment_opens_at=NOW
    )
    course = old.get_model("courses", "Course").objects.create(
        title="Kurs", slug="kurs", format="series"
    )
    runs, students = (
        old.get_model("courses", "CourseRun").objects,
        old.get_model("enrolment", "Student").objects,
    )
    of_run = {"course": course, "semester": semester, "capacity": 9}
    rows = {
        "cancelled": runs.create(**of_run, status="cancelled"),
        "not cancelled": runs.create(**of_run, cancelled_at=NOW),
        "window": runs.create(
            **of_run, enrolment_opens_at=NOW, enrolment_closes_at=NOW - timedelta(days=2)
        ),
        "semester opens later": runs.create(**of_run, enrolment_closes_at=NOW - timedelta(days=1)),
    }
    for number, (channel, contact) in enumerate(
        [
            ("phone", {}),
            ("phone", {"email": "kari@example.org"}),
            ("email", {"phone": "+4722865000"}),
            ("paper", {"phone": "+4722865001"}),
            ("email", {"postal_address": "Storgata 1"}),
            ("paper", {"email": "ida@example.org", "postal_address": "Storgata 1"}),
        ]
    ):
        rows[f"student {number}"] = student = students.create(
            name=f"Kari {number}", name_key=f"kari {number}", channel=channel, key=number, **contact
        )
        student.letters.create(
            kind="link", channel=channel, language="nb", dedupe_key=str(number), text="Hei"
        )
    rows["waiting"] = old.get_model("enrolment", "Enrolment").objects.create(
        run=rows["window"],
        student=student,
        status="waiting",
        placed_at=NOW,
        submission=uuid.uuid4(),
    )
    certificates = old.get_model("certificates", "Certificate").objects
    facts = {
        "run": rows["window"],
        "hours": 2,
        "sessions_attended": 1,
        "first_on": NOW,
        "last_on": NOW,
        "tutors": [],
        "owners": [],
    }
    newer = certificates.create(**facts, number="2")
    rows["certificate"] = certificates.create(
        **facts, number="3", superseded_by=newer, revoked_at=NOW
    )
    return rows


@pytest.mark.django_db(transaction=True)
def test_what_the_checks_refuse_is_settled_before_they_come():
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(OLD)
        rows = old_rows(MigrationExecutor(connection).loader.project_state(OLD).apps)
        started = timezone.now()
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        for row in rows.values():
            row.refresh_from_db()
        assert rows["cancelled"].cancelled_at >= started
        assert rows["not cancelled"].cancelled_at is None
        window = rows["window"]
        assert window.enrolment_closes_at == NOW - timedelta(days=2)
        assert window.enrolment_opens_at == NOW - timedelta(days=2, minutes=1)
        late = rows["semester opens later"]
        assert late.enrolment_closes_at == NOW - timedelta(days=1)
        assert late.enrolment_opens_at == NOW - timedelta(days=1, minutes=1)
        channels = ["none", "email", "phone", "phone", "paper", "paper"]
        students = [rows[f"student {number}"] for number in range(6)]
        assert [each.channel for each in students] == channels
        letters = [Letter.objects.get(student=each.pk) for each in students]
        assert [each.channel for each in letters] == channels
        assert rows["waiting"].placed_at is None
        assert rows["certificate"].superseded_by.number == "2"
        assert rows["certificate"].revoked_at is None
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
