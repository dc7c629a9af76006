from courses.norwegian.sorting import sort_key


def test_norwegian_letters_come_last_and_in_their_order():
    names = ["Åse", "Zara", "Øyvind", "Ærlend", "Anna", "Aasta", "Bo"]
    assert sorted(names, key=sort_key) == [
        "Anna",
        "Bo",
        "Zara",
        "Ærlend",
        "Øyvind",
        "Åse",
        "Aasta",
    ]


def test_case_accents_and_kin_do_not_part_names():
    names = [
        "Øystein",
        "Örjan",
        "élise",
        "Eva",
        "Ella",
        "Åse",
        "A\u030aste",
        "Müller",
        "My",
        "Łukasz",
        "Lars",
    ]
    assert sorted(names, key=sort_key) == [
        "élise",
        "Ella",
        "Eva",
        "Lars",
        "Łukasz",
        "My",
        "Müller",
        "Örjan",
        "Øystein",
        "Åse",
        "A\u030aste",
    ]
