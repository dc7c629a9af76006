"""Names that a tutor types or pastes, and how they are read."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates import pasted_names
from certificates.pasted_names import LeftOutAs, PastedList, PastedName, Question
from courses.models import CourseRun, CourseSession
from courses.norwegian import formatting
from courses.norwegian.names import normalise_name
from enrolment.forms.sign_up import StudentForm, clean_name

# A list of `NAMES_AT_MOST` names may have so many lines and characters for each of them: an empty
# line between, an address and a number beside the name.
LINES_PER_NAME = 2
CHARACTERS_PER_NAME = 200
LINES_TOLD = 20  # of those with something wrong; nobody reads more at once

QUESTIONS = {
    Question.LAST_NAME_FIRST: _(
        "Read as one person, with the last name before the comma. If they are two people, write "
        "one on each line."
    ),
    Question.SEVERAL: _(
        "Read as several people, with one name each. If it is one person, write the whole name on "
        "one line, without commas."
    ),
    Question.COLUMNS: _("Read as one person, from several columns. Is the first name first?"),
    Question.ONE_WORD: _("Only one word. Is it the whole name?"),
    Question.FULL_STOP: _("We have put a space after the full stop. Is that right?"),
    Question.DIGITS: _("There are digits in the name. Should they be there?"),
    Question.RARE_CHARACTERS: _("There are characters here that are rare in names. Is that right?"),
    Question.LONG: _("This is long. Is it a name?"),
    Question.CAPITALS: _("Only capital letters. It will be printed like this."),
    Question.SMALL_LETTERS: _("Only small letters. It will be printed like this."),
}
REASONS = {LeftOutAs.HEADING: _("heading"), LeftOutAs.NO_NAME: _("no name")}


@dataclass(frozen=True)
class Row:
    """A name on the check page, and what the tutor should know about it.

    `on_line` is how many names were read from the same line.
    """

    found: PastedName
    on_line: int
    is_double: bool


class NamesForm(StudentForm):
    """A list of names, and what it is about. Refused, everything is kept as it was written.

    How the names were read is shown before anything is issued: the hidden field
    `shown` is a hash of the names that the tutor has seen, and only those are issued.
    """

    names = forms.CharField(
        label=_("Names, one on each line"),
        help_text=_("You can paste a list. You see the names before any certificate is made."),
        required=False,
        strip=False,  # lines are told by their numbers
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )
    sessions = forms.MultipleChoiceField(
        label=_("Which sessions did they take part in?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one session."),
            "invalid_choice": _("Tick sessions that have begun."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the certificates"),
        choices=settings.LANGUAGES,
        widget=forms.Select,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *args: Any,
        sessions: Sequence[CourseSession],
        **kwargs: Any,
    ) -> None:
        super().__init__(_with_letters_kept(data), *args, **kwargs)
        choices = [(str(each.pk), formatting.day(each.starts_at)) for each in sessions]
        self.fields["sessions"].choices = choices  # type: ignore[attr-defined]
        # A class is the same people every time; a café's guests of this Tuesday are not.
        is_drop_in = sessions and sessions[0].run.entry == CourseRun.Entry.DROP_IN
        likely = sessions[-1:] if is_drop_in else sessions
        self.initial.setdefault("sessions", [str(each.pk) for each in likely])
        if len(sessions) == 1:
            self.fields["sessions"].widget = forms.MultipleHiddenInput()
        self.helper.layout = Layout(Field("names"), Field("sessions"), Field("language"))

    def clean_names(self) -> PastedList:
        """How the text is read. Raises ValidationError with a sentence for each line at fault."""
        text: str = self.cleaned_data["names"]
        most = settings.NAMES_AT_MOST
        if len(text) > CHARACTERS_PER_NAME * most or text.count("\n") > LINES_PER_NAME * most:
            raise self._too_many()
        found = pasted_names.read(text)
        wrong = dict.fromkeys(
            found.with_identity_number,
            gettext(
                "This looks like a national identity number. We never need it: please take it out."
            ),
        ) | dict.fromkeys(
            found.unreadable, gettext("This cannot be read. Please write the name once more.")
        )
        for each in found.names:
            try:
                clean_name(each.name, missing=gettext("Write the name with letters."))
            except ValidationError as error:
                wrong.setdefault(each.line, error.messages[0])
        if wrong:
            # All get the code «line». With the code «identity_number» the form would empty the
            # whole field, and the tutor would lose the list over one line.
            raise ValidationError(
                [
                    ValidationError(
                        gettext("Line %(number)s: %(what)s") % {"number": number, "what": what},
                        code="line",
                    )
                    for number, what in sorted(wrong.items())[:LINES_TOLD]
                ]
            )
        if not found.names:
            raise ValidationError(gettext("Write at least one name."), code="missing")
        if len(found.names) > most:
            raise self._too_many()
        return found

    def _too_many(self) -> ValidationError:
        return ValidationError(
            gettext("Write at most %(number)s names at a time.")
            % {"number": settings.NAMES_AT_MOST},
            code="many",
        )

    # Once the form is valid

    @cached_property
    def doubles(self) -> dict[str, list[PastedName]]:
        """The names that stand more than once, by how names are compared."""
        by_key: dict[str, list[PastedName]] = defaultdict(list)
        for each in self.cleaned_data["names"].names:
            by_key[normalise_name(each.name)].append(each)
        return {key: found for key, found in by_key.items() if len(found) > 1}

    def _sent(self, name: str) -> list[str]:
        """Everything that was sent under a name which may stand several times."""
        return self.data.getlist(name) if isinstance(self.data, MultiValueDict) else []

    @property
    def different_people(self) -> set[str]:
        """Those of the doubles that the tutor ticked: several people of one name."""
        ticked = self._sent("different_people")
        return {*ticked} & self.doubles.keys()

    @property
    def names_to_issue(self) -> list[str]:
        """Every name once, and as often as it stands where it is several people's."""
        names: list[str] = []
        once: set[str] = set()
        different_people = self.different_people
        for each in self.cleaned_data["names"].names:
            key = normalise_name(each.name)
            if key not in once:
                names.append(each.name)
            if key not in different_people:
                once.add(key)
        return names

    @property
    def names_hash(self) -> str:
        """Of the names just as they are shown."""
        names = "\n".join(each.name for each in self.cleaned_data["names"].names)
        return hashlib.sha256(names.encode()).hexdigest()

    @property
    def was_shown(self) -> bool:
        """Whether the tutor has seen these very names on the check page."""
        return self.data.get("shown") == self.names_hash

    def rows(self) -> Iterator[Row]:
        found = self.cleaned_data["names"].names
        on_line = Counter(each.line for each in found)
        for each in found:
            yield Row(each, on_line[each.line], normalise_name(each.name) in self.doubles)

    def questions(self) -> Iterator[tuple[str, list[PastedName]]]:
        """What to ask about, each with the names that it is about."""
        for question, words in QUESTIONS.items():
            about = [
                each for each in self.cleaned_data["names"].names if question in each.questions
            ]
            if about:
                yield str(words), about

    def left_out(self) -> Iterator[tuple[int, str, str]]:
        """Line, text and reason of what gives no certificate."""
        for each in self.cleaned_data["names"].left_out:
            yield each.line, each.text, str(REASONS[each.reason])

    def answers(self) -> Iterator[tuple[str, str]]:
        """Everything as it was written, for hidden fields and for the way back."""
        for name in ("names", "sessions", "language"):
            for value in self._sent(name):
                yield name, value


def _with_letters_kept(data: QueryDict | None) -> QueryDict | None:
    """Letters that were read wrong may be control characters, which no form keeps: put right."""
    text = data.get("names", "") if data is not None else ""
    if data is None or not any("\x80" <= character <= "\x9f" for character in text):
        return data
    data = data.copy()
    data["names"] = pasted_names.repair(text)
    return data
