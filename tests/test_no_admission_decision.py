"""Nothing in the portal decides who may take part, and nothing that does can be added."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from enrolment import services
from enrolment.models import Enrolment, Interest

OWN_APPS = ["courses", "enrolment", "certificates"]

# Words of somebody deciding on somebody, in code and on screens. `priority` and `assess` too: a
# queue that anybody may reorder is a decision with another name.
DECIDES = re.compile(
    r"pending|approv|\baccept(?!-)|reject|priorit|\bassess|decision|decided|\bdeny|denied"
    r"|eligib|admit|admission|grant|refusal|screening|applicant|application(?!/)"
    r"|søknad|søker|søke\b|vedtak|innvilg|avslag|avslå|godkjen|prioriter"
    r"|behandlingsstatus|saksbehand|pasient|bruker(?!navn)",
    re.IGNORECASE,
)
STAFF_WORDS = re.compile(r"bruker(?:e|en|ne|s|navn|navnet)?\b", re.IGNORECASE)
WHAT_TO_DO = (
    "Whether somebody gets a place depends on two things: is the run open, and is there room. Take "
    "out what decides more than that. If the word means something harmless here, say it in "
    "another way; only where that is impossible, let DECIDES pass it by."
)
NEW_FIELD = (
    "A new answer or column about people: is it needed to meet again, and can nobody be judged by "
    "it? Then follow «A new answer at sign-up» in CONTRIBUTING, and add its name to this list."
)
# «Bruker» is a patient of the services; what the college uses is nobody.
WE_USE = re.compile(r"\bvi bruker\b", re.IGNORECASE)


def own_models() -> list[type[models.Model]]:
    return [model for name in OWN_APPS for model in apps.get_app_config(name).get_models()]


def words_of(field: models.Field) -> Iterator[str]:
    yield field.name
    for value, label in getattr(field, "flatchoices", None) or []:
        # What is behind a choice of language or legal basis is law, not a decision.
        yield str(value)
        yield str(label)
    if hasattr(field, "verbose_name"):
        yield str(field.verbose_name)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        path = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        else:
            yield f"{path} {each.name or ''}"


def test_an_enrolment_has_a_place_waits_for_one_or_is_withdrawn():
    assert [status.name for status in Enrolment.Status] == ["PLACE", "WAITING", "WITHDRAWN"]
    assert Enrolment.Status.values == ["place", "waiting", "withdrawn"], WHAT_TO_DO


def test_only_the_run_and_the_room_decide_the_outcome():
    """Nothing that `enrol` is told says anything about who somebody is, except to reach them."""
    assert set(inspect.signature(services.enrol).parameters) == {
        "run",
        "submission",
        "person",
        "now",
        "places",
        "when_one_left",
        "adjustment",
        "notice",
        "notice_shown_at",
        "has_consented",
        "by",
    }, NEW_FIELD
    assert set(services.Person.__dataclass_fields__) <= {
        "name",
        "email",
        "phone",
        "language",
        "channel",
        "postal_address",
        "municipality",
        "wants_news",
    }, NEW_FIELD


def test_an_enrolment_has_only_these_fields():
    assert {field.name for field in Enrolment._meta.concrete_fields} == {
        "id",
        "student",
        "run",
        "status",
        "places",
        "language",
        "submission",
        "registered_by",
        "notice",
        "notice_shown_at",
        "consented_at",
        "call_outcome",
        "called_at",
        "enrolled_at",
        "placed_at",
        "withdrawn_at",
        "merged_into",  # which enrolment stayed, where somebody was signed up twice
    }, NEW_FIELD


def test_who_asked_to_be_told_is_nobody_to_a_sign_up():
    """Asking gives no place and no turn: neither the run nor the enrolment knows of it."""
    assert {relation.name for relation in Interest._meta.related_objects} == {"letters"}, NEW_FIELD
    assert Interest._meta.ordering == ["asked_at", "pk"], WHAT_TO_DO


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_field_or_choice_decides(language):
    with translation.override(language):
        words = [
            f"{model._meta.label}.{word}"
            for model in own_models()
            for field in model._meta.get_fields()
            for word in words_of(field)
        ]
    assert len(words) > 100
    assert [word for word in words if DECIDES.search(word.partition(".")[2])] == [], WHAT_TO_DO


def test_no_model_or_permission_decides():
    names = [model._meta.model_name for model in own_models()]
    codenames = [
        codename
        for model in own_models()
        for codename in [
            *(f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions),
            *(codename for codename, _label in model._meta.permissions),
        ]
    ]
    assert [word for word in [*names, *codenames] if DECIDES.search(word)] == [], WHAT_TO_DO


@pytest.mark.django_db
def test_no_stored_permission_decides():
    codenames = Permission.objects.filter(content_type__app_label__in=OWN_APPS).values_list(
        "codename", flat=True
    )
    assert [word for word in codenames if DECIDES.search(word)] == [], WHAT_TO_DO
    refuse = "Nobody is deleted by hand: keep «delete» out of default_permissions."
    assert "delete_enrolment" not in codenames, refuse
    assert "delete_student" not in codenames, refuse


def test_no_admin_action_decides(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    actions = [
        f"{model._meta.label} {name} {label}"
        for model, model_admin in admin.site._registry.items()
        for name, (_function, _name, label) in model_admin.get_actions(request).items()
    ]
    assert [action for action in actions if DECIDES.search(action)] == [], WHAT_TO_DO


def test_no_address_decides():
    found = list(addresses(get_resolver().url_patterns))
    assert len(found) > 5
    assert [each for each in found if DECIDES.search(each)] == [], WHAT_TO_DO


def test_no_verb_of_the_services_decides():
    assert [name for name in services.__all__ if DECIDES.search(name)] == [], WHAT_TO_DO


def test_no_status_is_written_outside_the_verbs():
    """Only the modules of verbs write an enrolment's status or a run's counters."""
    allowed = {"places.py", "sign_up.py", "queue.py", "runs.py", "errors.py", "merging.py"}
    writes = re.compile(
        r"\.status\s*=\s*Enrolment|update\([^)]*\b(?:status|places_taken|waiting)="
        r"|\.(?:places_taken|waiting)\s*[-+]?=[^=]"
    )
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {line.strip()}"
        for name in OWN_APPS
        for path in (Path(settings.BASE_DIR) / name).rglob("*.py")
        if "migrations" not in path.parts
        and not (path.parent.name == "services" and path.name in allowed)
        for line in path.read_text().splitlines()
        if writes.search(line)
    ]
    assert found == [], (
        "Call a verb of enrolment.services instead: only there is the run locked, so that no place "
        "is lost or given twice."
    )


def template_texts() -> list[tuple[str, str]]:
    root = Path(settings.BASE_DIR) / "templates"
    return [
        (str(path.relative_to(root)), path.read_text())
        for path in root.rglob("*")
        if path.suffix in {".html", ".txt"}
    ]


def test_no_template_has_a_word_that_decides():
    texts = template_texts()
    assert len(texts) > 5
    found = [
        f"{name}: {match.group()}"
        for name, text in texts
        for match in DECIDES.finditer(text)
        if not STAFF_WORDS.fullmatch(match.group())
    ]
    assert found == [], WHAT_TO_DO


def translations(language: str) -> list[str]:
    """What a catalogue says in place of our msgids; the English is in the code and templates."""
    folder = Path(settings.BASE_DIR) / "recoverycollege/locale" / language / "LC_MESSAGES"
    entries = (folder / "django.po").read_text().split("\n\n")[1:]
    return [
        # Without the names of what is filled in, which are code and may be Django's own.
        re.sub(r"%\(\w+\)", "%", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', said)))
        for entry in entries
        for said in re.findall(r'^msgstr.*(?:\n".*)*', entry, re.M)
    ]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_translation_has_a_word_that_decides(language):
    texts = translations(language)
    assert len(texts) > 500
    found = [
        f"{match.group()}: {text}"
        for text in texts
        for match in DECIDES.finditer(WE_USE.sub("", text))
    ]
    assert found == [], WHAT_TO_DO


@pytest.mark.parametrize(
    "word",
    [
        "pending",
        "is_approved",
        "rejected_at",
        "Søknad",
        "vedtak",
        "innvilget",
        "priority",
        "pasient",
    ],
)
def test_the_words_are_found(word):
    assert DECIDES.search(word)


@pytest.mark.parametrize("word", ["place", "waiting", "withdrawn", "attendance", "arranged_at"])
def test_plain_words_are_let_through(word):
    assert not DECIDES.search(word)
