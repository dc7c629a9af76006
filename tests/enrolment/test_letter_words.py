"""The words of the letters and of what students read: titles in quotation marks, nothing stiff."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from courses.models import CourseRun
from enrolment import letters
from enrolment.models import Letter
from tests import factories
from tests.enrolment.test_letters import ABOUT_NO_COURSE, TITLE, TO_OTHERS_ALONE, write_every_kind

pytestmark = pytest.mark.django_db

QUOTED = {"nb": f"«{TITLE}»", "nn": f"«{TITLE}»", "en": f"“{TITLE}”"}
RECEIPT = {
    "nb": "Har det ikke kommet noe brev på en time? Se i søppelposten, eller ring oss.",
    "nn": "Har det ikkje kome noko brev på ein time? Sjå i søppelposten, eller ring oss.",
    "en": "Has no letter come within an hour? Look in your spam folder, or ring us.",
}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_title_stands_bare_in_any_letter(language):
    found = write_every_kind(language)
    about_a_course = set(found) - ABOUT_NO_COURSE
    assert about_a_course == (
        set(Letter.Kind.values) - TO_OTHERS_ALONE - ABOUT_NO_COURSE - set(Letter.TO_ADDRESSES)
    )
    for kind in about_a_course:
        text = found[kind].text
        assert QUOTED[language] in text, kind
        assert TITLE not in text.replace(QUOTED[language], ""), kind
        assert TITLE not in letters.on_paper(found[kind]).replace(QUOTED[language], ""), kind


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_receipt_says_what_to_do_when_no_letter_comes(client, language):
    run = factories.make_published_run()
    with translation.override(language):
        prefix = "" if language == "nb" else f"/{language}"
        address = f"{prefix}/kurs/{run.course.slug}/{run.pk}/pamelding/"
        answers = {"step": "check", "name": "Ada", "email": "ada@example.org"}
        page = client.post(address, answers).content.decode()
        shown = re.search(r'name="shown" value="([^"]+)"', page)
        assert shown
        sent = answers | {"step": "enrol", "shown": shown[1]}
        receipt = client.post(address, sent, follow=True).content.decode()
    assert RECEIPT[language] in receipt


@pytest.mark.parametrize(
    ("language", "cannot", "says"),
    [
        ("nb", "kan ikke", "Bare møt opp"),
        ("nn", "kan ikkje", "Berre møt opp"),
        ("en", "cannot", "Just turn up"),
    ],
)
def test_a_page_where_one_just_turns_up_says_nothing_of_what_one_cannot_do(
    client, language, cannot, says
):
    run = factories.make_published_run(entry=CourseRun.Entry.DROP_IN, capacity=None)
    with translation.override(language):
        prefix = "" if language == "nb" else f"/{language}"
        course = f"{prefix}/kurs/{run.course.slug}/"
        for address in (course, f"{course}{run.pk}/pamelding/"):
            page = client.get(address).content.decode()
            assert cannot not in page.lower(), address
            assert says in page, address


def test_past_times_of_a_course_are_told_after_a_colon_with_small_days(client):
    run = factories.make_published_run()
    first = timezone.now() - timedelta(days=30)
    run.sessions.update(starts_at=first, ends_at=first + timedelta(hours=2))
    page = client.get(f"/kurs/{run.course.slug}/").content.decode()
    held = re.search(r"<li>\w+ \d{4}: (.)", page)
    assert held
    assert held[1].islower()


# What somebody wrote once, and what a reader stumbled over: it says another thing, or is stiff.
WORN = {
    "nb": [
        "vennligst", "heller ikke vente", "er meldt av", "i det du melder", "alt en plass",
        "er plassen din", "settes på ventelista", "utgår:", "dette er over", "for dette.",
        "dette er avlyst", "dette har begynt", "snakk om du", "hvordan vi bruker",
        "går plassene ut", "plassen til følget", "ikke påmeldt noe.", "sommertid eller",
        "slik står det til", "antallet plasser tillater", "postet", "den første har det",
        "bruk det jeg skrev", "ikke her", "antall til stede", "foran i rommet", "oppringning",
        "slik når vi dem", "nås på", "sidens adresse", "er oppringt", "bli oppringt", "å nå",
        "oppmøtemarkering", "åpne kurset", "på veggen", "til veggen", "holder igjen",
        "holde det igjen", "uten papirer",
    ],
    "nn": [
        "heller ikkje vente", "er meld av", "i det du melder", "alt ein plass", "lèt att",
        "blir sette på ventelista", "går ut:", "dette er over", "for dette.", "dette er avlyst",
        "dette har byrja", "held avstanden", "slik står det til", "posta", "den første har det",
        "ikkje her", "framme i rommet", "oppringing", "slik når vi dei", "blir nådd på",
        "oppmøtemarkering", "opne kurset", "på veggen", "til veggen", "hadde nett ",
        # No nynorsk at all.
        "ikke", "jeg", "hvis", "hvordan", "hvor", "noen", "være", "gjøre", "lukker", "senere",
        "flere", "navn", "fra", "vert", "skole", "uke", "allerede", "ennå",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_worn_phrase_is_left_in_the_catalogues(language):
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(said) > 1000
    worn = [
        (phrase, sentence)
        for phrase in WORN[language]
        for sentence in said
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", sentence.lower())
    ]
    assert worn == []
