"""Pages about the college for a new one to begin with: drafts, in every language of the site.

As in `courses.model_texts`, what only the college knows is left open between square brackets, and
no page with such a place is published.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Page


def model_pages() -> list[Page]:
    """About the college, how it works, steering group, owners, booklets. Nothing is saved."""
    titles: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, str]] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for slug, title, blocks in _in_the_language_of_now():
                titles.setdefault(slug, {})[code] = title
                texts.setdefault(slug, {})[code] = "\n\n".join(blocks)
    return [
        Page(slug=slug, order=order, titles=titles[slug], texts=texts[slug])
        for order, slug in enumerate(titles, start=1)
    ]


def _in_the_language_of_now() -> list[tuple[str, str, list[str]]]:
    """The end of the address, the title, and the text's blocks in Markdown."""
    return [
        ("om-oss", _("About us"), _about_us()),
        ("slik-fungerer-det", _("How it works"), _how_it_works()),
        ("styringsgruppe", _("The steering group"), _steering_group()),
        ("eiere", _("Our owners"), _owners()),
        ("hefter-og-referater", _("Booklets and minutes"), _booklets()),
    ]


def _about_us() -> list[str]:
    return [
        _(
            "[The name of the college] is a school, and not a health service. Here we learn about "
            "living well, also when life is hard. Everybody here is a student."
        ),
        "## " + _("Who it is for"),
        _(
            "For you who have had a hard time yourself, for you who are close to somebody, for you "
            "who work in the field, and for you who are curious. Nobody asks which of these you "
            "are. All you need is to want to."
        ),
        "## " + _("Made by equals"),
        _(
            "Every course is made and led together by people who know the theme from their own "
            "life and people who know it from their profession. One is worth as much as the other."
        ),
        "## " + _("Where we are"),
        _("[Where you meet, when somebody answers the phone, and who that is.]"),
    ]


def _how_it_works() -> list[str]:
    steps = [
        _("**Find a course.** [Here they all are](%(address)s), with who leads them and the way.")
        % {"address": reverse("catalogue")},
        _(
            "**Sign up.** Write your name, and an e-mail address or a phone number. You hear at "
            "once whether you have a place. Where it is full, you can stand on the waiting list."
        ),
        _(
            "**Come as you are.** Take breaks, go home early, and bring somebody with you if that "
            "feels safer. It is fine just to listen."
        ),
        _("**Take your certificate home.** Everybody who takes part gets one. Nobody is assessed."),
    ]
    return [
        _("It costs nothing, and you need no referral. This is how it goes:"),
        "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
        "## " + _("Would you rather ring?"),
        _("We sign you up while we talk, and can send you letters on paper."),
    ]


def _steering_group() -> list[str]:
    return [
        _(
            "The school is led by a steering group of [number] people. Half of them know from "
            "their own life what it is to have a hard time, and half know it from their "
            "profession. They decide together."
        ),
        _("We do not write who has which experience. Each of them decides whom to tell."),
        "## " + _("What the group does"),
        _(
            "It decides which way the school is to go, and how the money is used. And it sees to "
            "it that everything we do is made by both sides together. It meets [how often]."
        ),
        _("Is there something that the group should know? [How it is reached.]"),
    ]


def _owners() -> list[str]:
    return [
        _("These own the school together, and pay for it:"),
        "- " + _("[An owner, with a link to its pages]") + "\n- " + _("[Another owner]"),
        _(
            "What the owners have agreed on: [how long the agreement lasts, and where it can be "
            "read]."
        ),
        _("The courses are made by those who teach them, and by those who come to them."),
    ]


def _booklets() -> list[str]:
    return [
        _(
            "Here is what we have written: booklets from the courses, and minutes of the steering "
            "group's meetings. All of it is free to read and keep."
        ),
        _("Would you like something of it on paper? Ring us, and we send it."),
        _("[Attach the files to this page, and take this line out. Minutes name nobody who came.]"),
    ]
