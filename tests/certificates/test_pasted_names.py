"""What a pasted list of names is read as."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.pasted_names import LeftOutAs, Question, read, repair

NO_QUESTIONS: tuple[Question, ...] = ()


def names_in(text: str) -> list[str]:
    return [each.name for each in read(text).names]


def questions_in(text: str) -> list[tuple[Question, ...]]:
    return [each.questions for each in read(text).names]


# What stands around a name


@pytest.mark.parametrize(
    "line",
    [
        "1. Kari Prøve",
        "1.Kari Prøve",
        "1) Kari Prøve",
        "(1) Kari Prøve",
        "1: Kari Prøve",
        "1 - Kari Prøve",
        "1\tKari Prøve",
        "12 Kari Prøve",
        "112.   Kari Prøve",
        "#1 Kari Prøve",
        "Nr. 1: Kari Prøve",
        "a) Kari Prøve",
        "• Kari Prøve",
        "- Kari Prøve",
        "-Kari Prøve",
        "– Kari Prøve",
        "* Kari Prøve",
        "· Kari Prøve",
        "o\tKari Prøve",
        "\uf0b7\tKari Prøve",
        "☐ Kari Prøve",
        "[ ] Kari Prøve",
        "[x] Kari Prøve",
        "- 1. Kari Prøve",
        '1. "Kari Prøve"',
        '"Kari Prøve"',
        "'Kari Prøve'",
        "«Kari Prøve»",
        "“Kari Prøve”",
        "„Kari Prøve“",
        '"Kari Prøve',
        'Kari Prøve"',
        "*Kari Prøve*",
        "Kari Prøve,",
        "Kari Prøve;",
        "Kari Prøve.",
        "Kari Prøve\t",
        "Navn: Kari Prøve",
        "Navn:\tKari Prøve",
        "Deltaker: Kari Prøve",
    ],
)
def test_numbers_bullets_and_quotes_are_no_part_of_a_name(line):
    (found,) = read(line).names
    assert (found.name, found.questions) == ("Kari Prøve", NO_QUESTIONS)


@pytest.mark.parametrize(
    "line",
    [
        "  Kari   Prøve ",
        "Kari\xa0Prøve",
        "Kari\u202fPrøve\u3000",
        "\ufeffKari Prøve",
        "Kari Pr\u00adøve",
        "Kari Prøve\x00",
        "\u202aKari Prøve\u202c",
    ],
)
def test_spaces_of_all_kinds_are_one_and_unseen_signs_none(line):
    assert names_in(line) == ["Kari Prøve"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\n\n \r\n"])
def test_lines_end_as_on_any_machine(line_break):
    assert names_in(line_break.join(["Kari Prøve", "Ola Tenkt"])) == ["Kari Prøve", "Ola Tenkt"]


def test_lines_are_counted_as_they_stand_in_the_text():
    found = read("\r\nKari Prøve\r\n\r\nOla Tenkt\r\n12")
    assert [each.line for each in found.names] == [2, 4]
    assert [each.line for each in found.left_out] == [5]


@pytest.mark.parametrize(
    ("line", "name", "taken_out"),
    [
        ("Kari Prøve kari@example.org", "Kari Prøve", ("kari@example.org",)),
        ("Kari Prøve <kari@example.org>", "Kari Prøve", ("<kari@example.org>",)),
        ("Kari Prøve (kari@example.org)", "Kari Prøve", ("kari@example.org",)),
        ("Kari Prøve, 22 86 50 11", "Kari Prøve", ("22 86 50 11",)),
        ("Kari Prøve tlf. +47 22 86 50 11", "Kari Prøve", ("tlf. +47 22 86 50 11",)),
        ("Kari Prøve 12.03.1990", "Kari Prøve", ("12.03.1990",)),
        ("Kari Prøve https://example.org/kari", "Kari Prøve", ("https://example.org/kari",)),
        ("Kari Prøve www.example.org", "Kari Prøve", ("www.example.org",)),
        ("Kari Prøve eksempel.no", "Kari Prøve", ("eksempel.no",)),
        ("Kari Prøve, 3B", "Kari Prøve", ("3B",)),
        ("Kari Prøve\t3B\tkari@example.org", "Kari Prøve", ("kari@example.org", "3B")),
        ("Kari Prøve     VG1", "Kari Prøve", ("VG1",)),
        ("Kari Prøve; 4021 Stavanger", "Kari Prøve", ("4021 Stavanger",)),
        ("Navn\tKari Prøve", "Kari Prøve", ("Navn",)),
    ],
)
def test_what_stands_beside_a_name_is_taken_out_and_told(line, name, taken_out):
    (found,) = read(line).names
    assert (found.name, found.taken_out, found.questions) == (name, taken_out, NO_QUESTIONS)


# Broken encoding


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("Kari PrÃ¸ve", "Kari Prøve"),
        ("KÃ¥re Ã…sen", "Kåre Åsen"),
        ("Ã…se", "Åse"),
        ("Ã\x85se", "Åse"),
        ("Ã˜yvind Ã†rlend", "Øyvind Ærlend"),
        ("Åse PrÃ¸ve", "Åse Prøve"),
        ("PrÃƒÂ¸ve", "Prøve"),
        ("Pr√∏ve", "Prøve"),
        ("Nguyá»…n Thá»‹ PrÃ¸ve", "Nguyễn Thị Prøve"),
        ("Siobhán Oâ€™Brien", "Siobhán O’Brien"),
    ],
)
def test_letters_that_were_read_wrong_are_put_right_and_told(broken, name):
    (found,) = read(broken).names
    assert (found.name, repair(broken)) == (name, name)
    assert found.written == broken.replace("\x85", "")


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żak",
        "JÍŠA ŽÍLA",
        "CONCEIÇÃO",
        "João Guimarães",
        "“SÓNIA ANDRÉ”",
        "d’Ås",
        "«Åse»",
        "Ünal Öz",
        "Zoë",
        "Ærø",
        "عَلِي",
        "Олег",
        "Åse\u0301",
    ],
)
def test_letters_that_are_right_stay(name):
    assert repair(name) == name


def test_line_with_lost_letters_gives_no_name():
    found = read("Kari Prøve\nPr\ufffdve")
    assert ([each.name for each in found.names], found.unreadable) == (["Kari Prøve"], [2])


# Headings, tables


@pytest.mark.parametrize(
    "line",
    [
        "Navn",
        "navn",
        "NAVN:",
        "Namn",
        "Name",
        '"Name"',
        "• Navn",
        "Deltakere:",
        "Deltakarar",
        "Participants",
        "Navneliste",
        "Klasse 3B",
        "Klasse 3B:",
        "Deltakere (12)",
        "12 deltakere",
        "Til stede:",
        "Onsdag 5. mai:",
        "Fornavn Etternavn",
        "Fornavn og etternavn",
        "Navn E-post Telefon",
        "Totalt 12",
        "Antall: 12",
        "Side 1 av 2",
    ],
)
def test_heading_gives_no_name_and_is_told(line):
    found = read(line)
    assert found.names == []
    assert [each.reason for each in found.left_out] == [LeftOutAs.HEADING]


@pytest.mark.parametrize("line", ["12", "???", "-", "kari@example.org", "www.example.org", "1."])
def test_line_without_a_name_is_left_out_and_told(line):
    found = read(line)
    assert found.names == []
    assert [(each.text, each.reason) for each in found.left_out] == [(line, LeftOutAs.NO_NAME)]


@pytest.mark.parametrize(
    "table",
    [
        "Fornavn\tEtternavn\nKari\tPrøve\nOla B.\tTenkt",
        "Etternavn\tFornavn\nPrøve\tKari\nTenkt\tOla B.",
        "Etternavn, Fornavn\nPrøve, Kari\nTenkt, Ola B.",
        "Nr;Fornavn;Etternavn;Skole\n1;Kari;Prøve;Ås\n2;Ola B.;Tenkt;",
        "Fornavn,Mellomnavn,Etternavn\nKari,,Prøve\nOla,B.,Tenkt",
        "Navn;E-post\nKari Prøve;kari@example.org\nOla B. Tenkt;ola@example.org",
        "Navn,E-post\nKari Prøve,kari@example.org\nOla B. Tenkt,ola@example.org",
        '"Name","Email"\n"Kari Prøve","kari@example.org"\n"Ola B. Tenkt","ola@example.org"',
        "E-post;Navn\nkari@example.org;Kari Prøve\nola@example.org;Ola B. Tenkt",
        "Nr\tNavn\tKlasse\n1\tKari Prøve\t3B\n2\tOla B. Tenkt\t3B",
        "|Navn|Klasse|\n|Kari Prøve|3B|\n|Ola B. Tenkt|3C|",
        "Navn\tFavorittfarge\tE-post\nKari Prøve\tblå\t\nOla B. Tenkt\tgul\t",
        "Liste\n\nNavn\tTelefon\n\nKari Prøve\t22 86 50 11\nNavn\tTelefon\nOla B. Tenkt\t",
        "Navn\tKlasse\nKari Prøve\nOla B. Tenkt",
    ],
)
def test_columns_of_names_are_taken_by_their_headings(table):
    found = read(table)
    assert [each.name for each in found.names] == ["Kari Prøve", "Ola B. Tenkt"]
    assert [each.questions for each in found.names] == [NO_QUESTIONS] * 2
    assert {each.reason for each in found.left_out} == {LeftOutAs.HEADING}


def test_quoted_column_of_names_is_turned_round():
    found = read('Name\n\n"Prøve, Kari A."\n"Tenkt, Ola B."\n"Tenkt, Ola B."\nEva Oppdiktet ')
    assert [(each.name, each.line) for each in found.names] == [
        ("Kari A. Prøve", 3),
        ("Ola B. Tenkt", 4),
        ("Ola B. Tenkt", 5),
        ("Eva Oppdiktet", 6),
    ]
    assert [each.questions for each in found.names] == [NO_QUESTIONS] * 4
    assert found.names[0].written == '"Prøve, Kari A."'
    assert found.names[3].written == ""


def test_row_without_a_name_is_told():
    found = read("Navn;E-post\n;kari@example.org")
    assert (found.names, len(found.left_out)) == ([], 2)


# One person or several


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Kari Prøve, Ola Tenkt og Eva Oppdiktet", ["Kari Prøve", "Ola Tenkt", "Eva Oppdiktet"]),
        ("Kari Prøve, Ola Tenkt, Eva Ås", ["Kari Prøve", "Ola Tenkt", "Eva Ås"]),
        ("Kari Prøve, Ola Tenkt og", ["Kari Prøve", "Ola Tenkt"]),
        ("og Eva Oppdiktet", ["Eva Oppdiktet"]),
        ("Kari Prøve and Ola Tenkt", ["Kari Prøve", "Ola Tenkt"]),
        ("Kari Prøve & Ola Tenkt", ["Kari Prøve", "Ola Tenkt"]),
        ("Kari Prøve / Ola Tenkt", ["Kari Prøve", "Ola Tenkt"]),
        ("Kari Prøve/Ola Tenkt", ["Kari Prøve", "Ola Tenkt"]),
        ("Kari Prøve; Ola Tenkt; Eva Ås", ["Kari Prøve", "Ola Tenkt", "Eva Ås"]),
        ("Kari Prøve • Ola Tenkt • Eva Ås", ["Kari Prøve", "Ola Tenkt", "Eva Ås"]),
        ('"Prøve, Kari","Tenkt, Ola"', ["Kari Prøve", "Ola Tenkt"]),
        ("Deltakere: Kari Prøve og Ola Tenkt", ["Kari Prøve", "Ola Tenkt"]),
        ("Kari Prøve +1", ["Kari Prøve"]),
    ],
)
def test_several_on_a_line(line, names):
    assert names_in(line) == names
    assert set(questions_in(line)) == {NO_QUESTIONS}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Prøve, Kari A.", "Kari A. Prøve"),
        ('"Prøve, Kari"', "Kari Prøve"),
        ("van der Berg, Kari", "Kari van der Berg"),
        ("Prøve, Kari A., kari@example.org", "Kari A. Prøve"),
    ],
)
def test_last_name_first_is_turned_round(line, name):
    (found,) = read(line).names
    assert (found.name, found.questions, found.written) == (name, NO_QUESTIONS, line)


@pytest.mark.parametrize(
    ("line", "names", "question"),
    [
        ("Hansen, Kari", ["Kari Hansen"], Question.LAST_NAME_FIRST),
        ("Hansen, Kari Anne", ["Kari Anne Hansen"], Question.LAST_NAME_FIRST),
        ("Hansen Lie, Kari", ["Kari Hansen Lie"], Question.LAST_NAME_FIRST),
        ("Hansen, Kari; Lie, Ola", ["Kari Hansen", "Ola Lie"], Question.LAST_NAME_FIRST),
        ("Hansen Lie, Kari Anne", ["Hansen Lie", "Kari Anne"], Question.SEVERAL),
        ("Kari, Ola, Eva", ["Kari", "Ola", "Eva"], Question.SEVERAL),
        ("Kari; Ola; Eva", ["Kari", "Ola", "Eva"], Question.SEVERAL),
        ("Kari Prøve\tOla Tenkt", ["Kari Prøve", "Ola Tenkt"], Question.SEVERAL),
        ("Kari,Hansen", ["Kari Hansen"], Question.COLUMNS),
        ("Kari;Hansen", ["Kari Hansen"], Question.COLUMNS),
        ("Kari\tHansen", ["Kari Hansen"], Question.COLUMNS),
        ("Kari Anne\tHansen", ["Kari Anne Hansen"], Question.COLUMNS),
        ('"Kari","Hansen"', ["Kari Hansen"], Question.COLUMNS),
        ("1\tKari\tHansen\tkari@example.org", ["Kari Hansen"], Question.COLUMNS),
        ("Etternavn;Fornavn\nLie;Kari og Ola", ["Kari og Ola Lie"], Question.COLUMNS),
        ("1. Kari Prøve 2. Ola Tenkt", ["Kari Prøve", "Ola Tenkt"], Question.SEVERAL),
    ],
)
def test_what_can_be_read_both_ways_is_asked_about(line, names, question):
    found = read(line).names
    assert [each.name for each in found] == names
    assert all(question in each.questions for each in found)


@pytest.mark.parametrize(
    ("line", "name", "question"),
    [
        ("Mohd.Ali", "Mohd. Ali", Question.FULL_STOP),
        ("Prof.Hansen", "Prof. Hansen", Question.FULL_STOP),
        ("Kari.Li", "Kari. Li", Question.FULL_STOP),
        ("Kari Prøve 2", "Kari Prøve 2", Question.DIGITS),
        ("Prøve, Kari 2", "Kari 2 Prøve", Question.DIGITS),
        ("KARI PRØVE", "KARI PRØVE", Question.CAPITALS),
        ("kari prøve", "kari prøve", Question.SMALL_LETTERS),
        ("Kari", "Kari", Question.ONE_WORD),
        ("Kari Pr?ve", "Kari Pr?ve", Question.RARE_CHARACTERS),
        ("Kari Prøve – vara", "Kari Prøve – vara", Question.RARE_CHARACTERS),
        ("Her er alle som var med i dag", "Her er alle som var med i dag", Question.LONG),
    ],
)
def test_what_is_rare_in_a_name_is_asked_about(line, name, question):
    (found,) = read(line).names
    assert (found.name, found.questions[:1]) == (name, (question,))


@pytest.mark.parametrize(
    "name",
    [
        "Kari A. Prøve",
        "A. Prøve",
        "J.R.R. Testesen",
        "Ola Tenkt Jr.",
        "Åse-Marie Prøve",
        "Siobhán O’Brien",
        "’t Hooft Kari",
        "Kari d'Ås",
        "Kari van der Berg",
        "Nguyễn Thị Prøve",
        "Łukasz Żółć",
        "محمد علي",
        "李小龙",
        "김철수",
        "प्रिया शर्मा",
        "K P",
        "Kari 'Kalle' Prøve",
    ],
)
def test_name_of_any_kind_is_kept_without_a_question(name):
    (found,) = read(name).names
    assert (found.name, found.written, found.questions) == (name, "", NO_QUESTIONS)


@pytest.mark.parametrize(
    "line",
    [
        "Kari Prøve 13097248022",
        "Kari Prøve\t130972\t48022",
        "13097248022;Kari Prøve",
        f"{'Kari Prøve, ' * 1000}13097248022",
    ],
)
def test_line_with_an_identity_number_gives_no_name(line):
    found = read(f"Ola Tenkt\n{line}")
    assert ([each.name for each in found.names], found.with_identity_number) == (["Ola Tenkt"], [2])


# Any text


LETTERS = "abcdefghijklmnopqrstuvwxyzæøåäöüéłşığñçđžšệị"
WORD = st.text(LETTERS, min_size=2, max_size=8).map(str.capitalize)
PART = st.one_of(
    WORD,
    st.tuples(WORD, WORD).map("-".join),
    st.sampled_from(["O’Brien", "d'Ås", "A.", "Nguyễn", "Thị", "Å", "محمد", "李小龙", "Ðuro"]),
)
NAME = st.builds(
    lambda first, middle, last: " ".join([first, *middle, last]),
    PART,
    st.lists(st.one_of(PART, st.sampled_from(["van", "der", "de", "bin", "von"])), max_size=2),
    WORD.filter(lambda word: word.casefold() not in {"og", "and"}),
)
PIECE = st.one_of(
    st.text(max_size=12),
    NAME,
    st.sampled_from(
        [
            *"\n\r\t ,;|/\\.\"'«»“”()<>-•*·:#+&",
            *("1. ", "12 ", " og ", "Navn", "Fornavn\tEtternavn\n", "3B", "   ", "PrÃ¸ve"),
            *("kari@example.org", "22 86 50 11", "www.x.no", "\ufeff", "\xa0"),
        ]
    ),
)


@given(st.lists(NAME, max_size=8))
@settings(max_examples=200, deadline=None)
def test_clean_list_stays_as_it_is(names):
    found = read("\n".join(names))
    assert [each.name for each in found.names] == names
    assert {each.written for each in found.names} <= {""}


@given(st.lists(PIECE, max_size=12).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_text_gives_names_or_reasons_for_every_line(text):
    found = read(text)
    told = {each.line for each in [*found.names, *found.left_out]}
    told |= {*found.with_identity_number, *found.unreadable}
    assert all(any(sign.isalpha() for sign in each.name) for each in found.names)
    assert all(each.name == " ".join(each.name.split()) for each in found.names)
    assert bool(told) or not any(sign.isalnum() for sign in text)


@pytest.mark.parametrize(
    "text",
    [
        *("a" * 200_000, "1. " * 60_000 + "a", "\t" * 200_000, ".a" * 100_000, '"' * 200_000),
        *("a," * 100_000, "(1 " * 60_000, "www." * 50_000, " og" * 60_000, "@" * 200_000),
    ],
    ids=lambda text: text[:4],
)
def test_endless_line_is_read_in_no_time(text):
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 5


def test_thousand_names_are_read_in_no_time():
    started = time.process_time()
    text = "\n".join(f"{number}. Prøve, Kari A.\tkari@example.org" for number in range(1000))
    assert names_in(text) == ["Kari A. Prøve"] * 1000
    assert time.process_time() - started < 2
