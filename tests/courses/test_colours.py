"""The college's own colours: what can be read, what is proposed, and what follows."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import colours
from courses.models import College
from tests import factories

THEME = Path(colours.__file__).parents[1] / "static" / "css" / "theme.css"
PLUM, ICE = "#7a1f4b", "#eef3fb"

some_colour = st.binary(min_size=3, max_size=3).map(lambda parts: f"#{parts.hex()}")


def is_readable(colour: str, ground: str = "") -> bool:
    return colours.weakest(colours.light(colour, ground)) is None


def nearest_colour(colour: str, ground: str = "") -> str:
    return colours.nearest(colour, lambda each: is_readable(each, ground))


def nearest_ground(ground: str) -> str:
    return colours.nearest(ground, lambda each: is_readable("", each))


def distance(one: str, other: str) -> int:
    """How far apart the parts are that differ most."""
    return max(abs(a - b) for a, b in zip(parts(one), parts(other), strict=True))


def parts(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#ffffff", "#767676", 4.54),  # the palest grey that holds on white
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert round(colours.contrast(one, other), 2) == ratio
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.any_database
def test_the_portals_own_colours_are_those_of_the_stylesheet_and_hold():
    by_day, by_night = (
        dict(re.findall(r"--([\w-]+): ([^;]+);", block))
        for block in re.findall(r":root \{([^}]+)\}", THEME.read_text())
    )

    def value(palette: dict[str, str], name: str) -> str:
        found = palette[name.replace("_", "-")]
        if named := re.fullmatch(r"var\(--([\w-]+)\)", found):
            found = palette[named[1]]
        return found.replace("#fff", "#ffffff") if len(found) == 4 else found

    assert {name: value(by_day, name) for name in colours.LIGHT} == colours.LIGHT
    assert {name: value(by_day | by_night, name) for name in colours.DARK} == colours.DARK
    assert colours.weakest(colours.LIGHT) is colours.weakest(colours.DARK) is None


@pytest.mark.any_database
@settings(deadline=None)
@given(colour=some_colour, ground=some_colour)
def test_what_is_proposed_holds_by_day_and_in_the_dark(colour, ground):
    ground = nearest_ground(ground)
    colour = nearest_colour(colour, ground)
    assert is_readable(colour, ground)
    assert colours.weakest(colours.dark(colour)) is None


@pytest.mark.any_database
@settings(deadline=None)
@given(colour=some_colour)
def test_what_is_proposed_is_no_farther_away_than_needed(colour):
    """Nothing nearer on the way from black over the colour to white can be read."""
    proposed = nearest_colour(colour)
    assert (proposed == colour) == is_readable(colour)
    shares = [step / 400 for step in range(401)]
    way = [
        "#" + bytes(round(own + (end - own) * share) for own in parts(colour)).hex()
        for share in shares
        for end in (0, 255)
    ]
    # A step of the search is at most 1/200 of the way.
    far = distance(colour, proposed) - 2
    assert [each for each in way if distance(colour, each) < far and is_readable(each)] == []


@pytest.mark.any_database
@settings(deadline=None)
@given(colour=some_colour)
def test_what_is_proposed_has_the_same_hue(colour):
    """The order of the parts and the shares between them stay, but for what rounding takes."""
    own, proposed = parts(colour), parts(nearest_colour(colour))
    (low, middle, high) = sorted(range(3), key=lambda each: own[each])
    assert proposed[low] <= proposed[middle] + 1 <= proposed[high] + 2
    width, left = own[high] - own[low], proposed[high] - proposed[low]
    if width:
        expected = (own[middle] - own[low]) * left / width
        assert abs(proposed[middle] - proposed[low] - expected) <= 1.5


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("fields", "name", "says"),
    [
        ({"colour": "#ff9900"}, "colour", "Den nærmeste fargen som holder, er "),
        ({"ground_colour": "#808080"}, "ground_colour", "Den nærmeste fargen som holder, er "),
        ({"colour": "red"}, "colour", "#14464c"),
    ],
)
def test_colour_that_cannot_be_read_is_refused(fields, name, says):
    college = College(name="Skolen", phone="+4751000000", email="a@b.no", sender_name="S", **fields)
    with pytest.raises(ValidationError) as refused:
        college.full_clean(validate_unique=False, validate_constraints=False)
    assert list(refused.value.message_dict) == [name]
    assert says in refused.value.message_dict[name][0]


@pytest.mark.any_database
def test_proposal_of_a_refusal_is_taken():
    college = College(colour="#ff9900", ground_colour="#fff0f5")
    with pytest.raises(ValidationError) as refused:
        college.clean()
    [words] = refused.value.message_dict["colour"]
    assert re.search(r"kontrasten \d,\d : 1, og (4,5|3,0) : 1 trengs", words)
    [college.colour] = re.findall(r"#[0-9a-f]{6}", words)
    college.clean()


@pytest.mark.django_db
def test_colours_are_linked_once_they_are_chosen_at_an_address_of_their_own(client):
    college = factories.get_college()
    assert "/farger/" not in client.get("/").content.decode()
    College.objects.update(colour=PLUM)
    address = "/farger/7a1f4b-faf5ec.css"
    assert f'<link rel="stylesheet" href="{address}">' in client.get("/").content.decode()
    College.objects.update(ground_colour=ICE)
    college.refresh_from_db()
    assert college.stylesheet_url == "/farger/7a1f4b-eef3fb.css"
    answer = client.get(college.stylesheet_url)
    assert answer["Content-Type"] == "text/css"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    for page in ("/personvern/", "/min-side/", reverse("sign_in"), "/en/kurs/"):
        assert f'href="{college.stylesheet_url}"' in client.get(page).content.decode(), page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ffff00-faf5ec", "7a1f4b-404040", "000000-ffffff"])
def test_there_is_no_stylesheet_of_colours_that_cannot_be_read(client, name):
    expected = 200 if name == "000000-ffffff" else 404
    assert client.get(f"/farger/{name}.css").status_code == expected


@pytest.mark.any_database
def test_stylesheet_says_only_what_differs_and_leaves_paper_white():
    assert colours.stylesheet(colours.STANDARD_COLOUR, colours.STANDARD_GROUND) == ""
    by_day, on_screen, in_the_dark = re.split(r"^}\n", colours.stylesheet(PLUM, ICE), flags=re.M)[
        :3
    ]
    assert by_day.startswith("@media print, (prefers-color-scheme: light)")
    assert f"--action: {PLUM};" in by_day
    assert "--link-rgb: 122, 31, 75;" in by_day
    assert "--paper" not in by_day
    assert f"--paper: {ICE};" in on_screen
    assert "--paper" not in in_the_dark
    assert "--action: #" in in_the_dark


# In the admin


@pytest.fixture
def save(client):
    """Save the college's page as a coordinator with these answers changed."""
    client.force_login(factories.make_coordinator())
    address = reverse("admin:courses_college_change", args=[factories.get_college().pk])

    def post(**changes):
        form = client.get(address).context["adminform"].form
        shown = {name: form[name].value() for name in form.fields}
        answers = {name: value for name, value in shown.items() if value not in (None, False, "")}
        answers |= {f"initial-{name}": value for name, value in answers.items()}
        answers.pop("logo", None)
        response = client.post(address, answers | changes)
        return response.context and response.context["adminform"].form.errors

    return post


def stored() -> tuple[str, str]:
    return College.objects.get().own_colours


@pytest.mark.django_db
def test_colours_are_chosen_and_taken_back_in_the_admin(save):
    save(phone="+4751000001")  # what the page shows where nothing is chosen is not stored
    assert College.objects.get().phone == "+4751000001"
    assert stored() == ("", "")
    save(colour=PLUM)
    assert stored() == (PLUM, "")
    save(ground_colour=ICE)
    assert stored() == (PLUM, ICE)
    save(has_standard_colours="on")
    assert stored() == ("", "")
    save(colour=PLUM)
    save(colour=colours.STANDARD_COLOUR)
    assert stored() == ("", "")


@pytest.mark.django_db
def test_colour_that_fails_is_answered_at_its_field(save):
    errors = save(colour="#ffcc00")
    assert list(errors) == ["colour"]
    assert "er vanskelig å lese" in errors["colour"][0]
    assert stored() == ("", "")


@pytest.mark.django_db
def test_preview_shows_the_colours(client):
    client.force_login(factories.make_coordinator())
    college = factories.get_college()
    College.objects.update(colour=PLUM)
    college.refresh_from_db()
    for which in ("front", "privacy", "accessibility"):
        page = client.get(reverse("admin:college_preview", args=[which])).content.decode()
        assert f'href="{college.stylesheet_url}"' in page
