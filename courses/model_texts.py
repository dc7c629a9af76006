"""Texts for a new college to begin with. They are true of what the portal does, and drafts.

What only the college knows is left open between square brackets: it is written before anybody
confirms the text.
"""

import re

from django.utils.translation import gettext as _

OPEN_PLACE = re.compile(r"\[[^\[\]]+\]")


def model_texts() -> dict[str, str]:
    """The field of the college, and the text to begin with, in the language that is spoken now."""
    return {
        "ground_rules": "\n".join(_ground_rules()),
        "privacy_controller": _privacy_controller(),
        "privacy_notice": _privacy_notice(),
        "privacy_text": "\n\n".join(f"{heading}\n{text}" for heading, text in _privacy_text()),
        "accessibility_text": "\n\n".join(_accessibility_text()),
    }


def open_places(text: str) -> list[str]:
    """What stands between square brackets still, brackets and all."""
    return OPEN_PLACE.findall(text)


def _ground_rules() -> list[str]:
    return [
        _("We let each other finish speaking."),
        _("What is said here stays here."),
        _("You choose what you share. It is fine just to listen."),
        _("You may take a break, go out and come back in whenever you like."),
        _("We meet each other with respect, also when we disagree."),
    ]


def _privacy_controller() -> str:
    return _(
        "[The municipality, hospital or association that owns the college] is responsible for "
        "your personal data.\n"
        "Questions about privacy: [name, phone and e-mail]."
    )


def _privacy_notice() -> str:
    return _(
        "We keep your name, how to reach you, and which courses you sign up for. We need it to "
        "hold your place, to tell you what happens, and to write your certificate. We never ask "
        "about your health or why you come. Would you like to see what we have about you, or have "
        "it erased? Tell us at any time."
    )


def _privacy_text() -> list[tuple[str, str]]:
    """Headings and texts. How long everything is kept, the page says by itself."""
    return [
        (
            _("What we keep"),
            _(
                "Your name, and your e-mail address or phone number. Your postal address, if you "
                "would like letters on paper. Which courses you sign up for, and which sessions "
                "you came to. What would make it easier for you to come, if you write that. What "
                "you ask us on these pages, and which courses you want to hear of again. Your "
                "municipality, and whether you want news, if you tell us. The letters we have sent "
                "you, and when something was changed."
            ),
        ),
        (
            _("What we never ask"),
            _(
                "National identity number, diagnosis, treatment, medication, or why you come. "
                "That you take part may still say something about you. So we treat all of it as "
                "if it were about your health."
            ),
        ),
        (
            _("What we use it for"),
            _(
                "To hold your place, to reach you when something changes, to have the room ready "
                "for you, and to write your certificate. We count how many take part, without "
                "names. Nobody is assessed, and nothing is sold."
            ),
        ),
        (
            _("Who sees it"),
            _(
                "Those who run the college see the sign-ups. The tutors of your course see your "
                "name, how to reach you, and what you need, until some time after the course. "
                "[Whoever runs the server and the e-mail] does so on our behalf, and uses nothing "
                "of it for anything else. It is kept in [country]. We give none of it to anybody "
                "else. Whoever you show your certificate can check that it is genuine."
            ),
        ),
    ]


def _accessibility_text() -> list[str]:
    return [
        _(
            "Everybody should be able to take part. Take breaks when you need them, sit where you "
            "like, and bring somebody with you if that feels safer."
        ),
        _(
            "Can you not use these pages? Ring us. We sign you up while we talk, and can send you "
            "letters on paper."
        ),
        _(
            "The law asks that web pages keep to WCAG 2.1 at levels A and AA. Ours were made to do "
            "so. What we know does not work yet: [write it here, or «nothing that we know of»]."
        ),
        _(
            "Are you not happy with our answer? Tell the Norwegian Authority for Universal Design "
            "of ICT: uutilsynet.no."
        ),
    ]
