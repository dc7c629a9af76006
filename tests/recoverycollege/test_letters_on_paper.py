"""All letters on paper as one PDF, for window envelopes."""

import io

import pikepdf
import pypdf
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from courses.models import College, CourseSession
from enrolment.admin.call_list import as_shown, people_to_tell
from enrolment.admin.printed_letters import PaperLetter
from enrolment.letters import blocks
from enrolment.models import Enrolment, Letter
from recoverycollege.paper import letters
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# What a window of C5 may show, in millimetres from the left and from above. The sheet slides in
# its envelope: 19 mm to the side, 14 mm up and down.
WINDOW = (20, 110, 45, 90)
SLIDES_SIDEWAYS, SLIDES_UP = 19, 14
PAGE_HEIGHT = 297


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def on_paper(run, name: str, address: str = "Storgata 1\n4306 Sandnes", language: str = "nb"):
    person = factories.make_person(
        name=name, email="", channel="paper", postal_address=address, language=language
    )
    return factories.enrol(run, person=person).letters.get()


def make_paper(**fields) -> PaperLetter:
    values = {
        "name": "Ada Moen",
        "address": "Storgata 1\n4306 Sandnes",
        "language": "nb",
        "blocks": blocks("Hei Ada Moen,\n\nNår:\n– mandag\n\nVennlig hilsen\nSkolen"),
        "said": "",
    } | fields
    return PaperLetter(**values)


def render(*papers: PaperLetter) -> bytes:
    college = College.objects.first() or factories.make_college(
        address="Fjordveien 2\n4300 Sandnes"
    )
    return letters.render(papers, college=college)


def pages_of(data: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def words_of(data: bytes, page: int = 0) -> list[tuple[float, float, float, str]]:
    """Each piece of text: its left and right edge and its line, in millimetres from above."""
    pieces = []

    def visit(text, matrix, text_matrix, font, size):
        if text.strip():
            x = (text_matrix[4] * matrix[0] + matrix[4]) * 25.4 / 72
            y = PAGE_HEIGHT - (text_matrix[5] * matrix[3] + matrix[5]) * 25.4 / 72
            # No letter of the fonts is wider than an em on the average.
            pieces.append((x, x + len(text) * size * 0.6 * 25.4 / 72, y, text.strip()))

    pypdf.PdfReader(io.BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return pieces


def print_shown(staff, shown: str = ""):
    shown = shown or as_shown(each for person in people_to_tell() for each in person.letters)
    return staff.post(reverse("admin:letters_on_paper"), {"letters": shown})


def letters_of(data: bytes) -> list[str]:
    """The text of each page without spaces."""
    return ["".join(page.split()) for page in pages_of(data)]


def test_every_letter_begins_on_a_page_of_its_own_and_says_what_the_page_shows(staff):
    factories.make_college(address="Fjordveien 2\n4300 Sandnes")
    run = factories.make_published_run(sessions=2)
    for name in ("Ada Moen", "Bo Lie", "Cai Dahl"):
        on_paper(run, name)
    answer = print_shown(staff)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="brev.pdf"'
    pages = letters_of(answer.content)
    assert len(pages) == 3
    for page, person in zip(pages, people_to_tell(), strict=True):
        [(_letter, paper)] = person.letters
        for block in paper.blocks:
            for words in (block.heading, *block.lines, *block.items):
                assert "".join(words.split()) in page, words
        for words in (person.recipient.name, "Storgata 1", "4306 Sandnes", "Fjordveien 2"):
            assert words.replace(" ", "") in page
        assert "http" not in page
        assert "Side1" not in page


LONG = {
    "plain": {},
    "a long name": {"name": "Margrethe Alexandra Nordmann-Etternavnesen " * 2},
    "one word": {"name": "W" * 100, "address": "W" * 100},
    "ten lines": {"address": "\n".join(f"Etasje {number}" for number in range(9))},
    "thirty lines": {"address": "\n".join(f"Etasje {number}" for number in range(29))},
}


@pytest.mark.parametrize("fields", LONG.values(), ids=LONG)
def test_the_window_shows_the_receiver_and_nothing_else(fields):
    paper = make_paper(**fields)
    data = render(paper)
    left, right, top, foot = WINDOW
    receiver = "".join(f"{paper.name}{paper.address}".replace(",", "").split())
    inside = ""
    for begins, ends, line, text in words_of(data):
        words = "".join(text.replace(",", "").split())
        if words and words in receiver:
            inside += words
            assert left <= begins
            assert begins <= right
            # The line's letters are above it, and a little of them below.
            assert top + 3 <= line <= foot - 1, text
            continue
        is_beside = ends < left - SLIDES_SIDEWAYS or begins > right + SLIDES_SIDEWAYS
        is_above_or_below = line + 1 < top - SLIDES_UP or line - 4 > foot + SLIDES_UP
        assert is_beside or is_above_or_below, text
    assert inside == receiver


def test_a_letter_of_several_pages_has_their_numbers_in_its_language():
    long = "\n\n".join(f"Avsnitt {number}. {'Ord og flere ord. ' * 20}" for number in range(20))
    papers = [
        make_paper(),
        make_paper(language="nn", blocks=blocks(long)),
        make_paper(language="en", blocks=blocks(long)),
    ]
    pages = pages_of(render(*papers))
    per_letter = (len(pages) - 1) // 2
    assert per_letter > 1
    assert "Side" not in pages[0]
    for number in range(1, per_letter + 1):
        assert f"Side {number} av {per_letter}" in pages[number]
        assert f"Page {number} of {per_letter}" in pages[per_letter + number]
    assert "Ada Moen" in pages[1]
    assert "Ada Moen" not in pages[2]


def test_the_document_is_tagged_and_tells_languages_and_a_title_without_names():
    papers = [make_paper(language=each) for each in ("nb", "nn", "en")]
    with translation.override("nb"):
        document = pikepdf.open(io.BytesIO(render(*papers)))
    assert str(document.Root.Lang) == "nb"
    assert document.Root.MarkInfo.Marked
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Brev på papir"
    sections = [
        each
        for each in document.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Sect"
    ]
    assert [str(each.Lang) for each in sections] == ["nb", "nn", "en"]
    kinds = [str(each.S) for each in _elements(sections[0])]
    assert [kind for kind in kinds if kind in ("/P", "/H1", "/L")] == [
        "/P", "/P", "/P", "/H1", "/L", "/P",
    ]  # fmt: skip


def _elements(element):
    for each in element.K:
        if isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            yield from _elements(each)


def test_letters_that_no_font_has_become_dots():
    text = pages_of(render(make_paper(name="陳大文 \U000e1234 Ada \ue000")))[0]
    assert "陳大文" in text
    assert "…" in text


def test_nothing_is_printed_that_the_page_did_not_show(staff):
    run = factories.make_published_run()
    for name in ("Ada Moen", "Bo Lie"):
        on_paper(run, name)
    shown = as_shown(each for person in people_to_tell() for each in person.letters)
    later = on_paper(run, "Cai Dahl")
    pages = pages_of(print_shown(staff, shown).content)
    assert len(pages) == 2
    assert not any("Cai Dahl" in page for page in pages)
    session = CourseSession.objects.get()
    session.venue = factories.make_venue(name="Nytt sted")
    session.save()
    answer = print_shown(staff, shown)
    assert answer["Location"] == reverse("admin:call_list")
    page = staff.get(answer["Location"]).content.decode()
    assert "Ikke skrevet ut: Noe er endret mens du hadde siden oppe." in page
    assert later.sent_at is None


@pytest.mark.parametrize("shown", ["", "12", "12:", "x:y", "999999999999999999:abc"])
def test_nothing_to_print_leads_back(staff, shown):
    factories.make_college()
    answer = staff.post(reverse("admin:letters_on_paper"), {"letters": shown})
    assert answer["Location"] == reverse("admin:call_list")


def test_printing_marks_nothing_and_is_drawn_outside_of_transactions(staff, monkeypatch):
    run = factories.make_published_run()
    letter = on_paper(run, "Ada Moen")
    depth = len(connection.savepoint_ids)
    seen = []
    draw = letters.render
    monkeypatch.setattr(
        letters,
        "render",
        lambda *args, **kwargs: seen.append(len(connection.savepoint_ids)) or draw(*args, **kwargs),
    )
    assert print_shown(staff).status_code == 200
    assert seen == [depth]
    letter.refresh_from_db()
    assert (letter.sent_at, letter.written_at) == (None, None)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_printing_do_not_grow_with_the_letters(staff, django_assert_num_queries, number):
    run = factories.make_published_run()
    for each in range(number):
        on_paper(run, f"Ada {each}")
    print_shown(staff)
    shown = as_shown(each for person in people_to_tell() for each in person.letters)
    with django_assert_num_queries(11):
        print_shown(staff, shown)
    assert Enrolment.objects.count() == Letter.objects.count() == number
