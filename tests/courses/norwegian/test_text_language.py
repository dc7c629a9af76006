from itertools import combinations

import pytest
from django.utils import translation

from courses.norwegian.text_language import OWN_WORDS, guessed_language
from courses.templatetags.languages import lang_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "nb"),
        ("Buss 2.", "nb"),
        ("Inngang fra torget, andre etasje.", "nb"),
        ("Jeg har vært her siden starten, og lærer noe nytt hver uke.", "nb"),
        ("Eg har vore her sidan starten, og lærer noko nytt kvar veke.", "nn"),
        ("Inngang frå torget. Bussen stoppar rett utanfor.", "nn"),
        ("Vi lagrar namnet ditt og korleis me når deg.", "nn"),
        ("I have been here from the start.", "en"),
        ("EG ER IKKJE SÅ GLAD I SMÅ BOKSTAVAR", "nn"),
        (
            "Kurset «The Work» har vi hatt noen ganger. Det er ikke for alle, men fra høsten.",
            "nb",
        ),
    ],
)
def test_language_is_told_from_common_words(text, language):
    assert guessed_language(text) == language


def test_no_word_is_of_two_languages():
    assert all(not one & other for one, other in combinations(OWN_WORDS.values(), 2))


@pytest.mark.parametrize(
    ("page", "marks"), [("nb", ' lang="nn"'), ("nn", ""), ("en", ' lang="nn"')]
)
def test_text_is_marked_where_the_page_is_in_another_language(page, marks):
    with translation.override(page):
        assert lang_of("Eg er ikkje redd.") == marks
