"""What a student writes down: nothing but what is needed to meet again."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.norwegian import formatting
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.norwegian.names import normalise_name
from courses.norwegian.phone_numbers import normalise_phone
from enrolment.forms.optional_questions import NOTHING_ASKED, WANTS_NEWS, OptionalQuestions
from enrolment.forms.web_addresses import holds_web_address
from enrolment.models.students import normalise_email

# Characters. So many hold the columns of `Student` and `Adjustment`.
NAME_LENGTH = 100
NAME_KEY_LENGTH = 200
ADJUSTMENT_LENGTH = 500
# Unicode's control characters but line breaks and tabs, and marks of direction and the like, with
# which a name reads backwards or not at all. `str.translate` takes them out. The two joiners that
# Persian, Indian names and emoji are written with stay.
CONTROL_CHARACTERS = dict.fromkeys(
    {*range(32), *range(127, 160), 0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F)}
    - {*map(ord, "\n\r\t")}
    | {*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)}
)
# What somebody may ring.
PHONE_NUMBER = re.compile(r"(\d\W{0,3}){5,}")
# «O.Hansen», «Mohd.Ali», «2.trinn»: no address once there is a space.
DOT_WITHOUT_SPACE = re.compile(r"(?<=[^\W\d_])\.(?=[^\W_]{2})|(?<=\d)\.(?=[^\W\d_]{2})")


def without_control_characters(data: Any) -> MultiValueDict[str, str] | None:
    """A copy of what was sent in which every character can be stored and shown."""
    if data is None:
        return None
    clean: MultiValueDict[str, str] = MultiValueDict()
    for name, values in data.lists() if isinstance(data, MultiValueDict) else data.items():
        for value in values if isinstance(values, list) else [values]:
            clean.appendlist(name, str(value).translate(CONTROL_CHARACTERS))
    return clean


class StudentForm(forms.Form):
    """A form for students, kind about stray characters.

    A field that holds a national identity number is refused and keeps its text, so that nothing
    has to be written twice: it stands in that one answer, and is neither stored nor sent on.
    """

    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(without_control_characters(data), *args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True


CLASSES = {"checkbox": "form-check-input", "select": "form-select"}


class PlainField(forms.BoundField):
    """An input, a text area or a choice with Bootstrap's classes, for `_includes/field.html`.

    The templates of crispy and of Django's widgets work out at each showing what kind of field
    they have before them; on the busiest form of all that took longer than all the rest of it.
    """

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        kind = CLASSES.get(self.widget_type, "form-control")
        marks: dict[str, str | bool] = {"id": self.auto_id}
        marks["class"] = f"{kind} is-invalid" if self.errors else kind
        part = self.field.widget.get_context(
            self.html_name, self.value(), self.build_widget_attrs(marks)
        )["widget"]
        more = flatatt(part["attrs"])
        if self.widget_type == "textarea":
            # A browser leaves the first line break out.
            words = part["value"] or ""
            return format_html('<textarea name="{}"{}>\n{}</textarea>', part["name"], more, words)
        if self.widget_type == "select":
            options = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (each["value"], flatatt({"selected": each["selected"]}), each["label"])
                    for _group, choices, _index in part["optgroups"]
                    for each in choices
                ),
            )
            return format_html('<select name="{}"{}>{}</select>', part["name"], more, options)
        if part["value"] is not None:
            more = flatatt({"value": part["value"]}) + more
        return format_html('<input type="{}" name="{}"{}>', part["type"], part["name"], more)


class SignUpForm(StudentForm):
    """Name, and e-mail or phone. What somebody wants arranged, and whether they bring somebody."""

    bound_field_class = PlainField

    name = forms.CharField(
        label=_("What do you want to be called?"),
        help_text=_("The name will be on your certificate, too."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("E-mail or phone is enough. You may write both."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("Without an e-mail address, we ring you."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    adjustment = forms.CharField(
        label=_("Is there anything practical we can arrange? (optional)"),
        help_text=_("A place near the door, for example, or large print. Deleted afterwards."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    companion = forms.BooleanField(
        label=_("I am bringing somebody"),
        help_text=_("We keep one more seat. We do not need the name."),
        required=False,
    )
    municipality = forms.ChoiceField(
        label=_("Which municipality do you live in?"),
        help_text=_("We use it only to count. You need not answer."),
        required=False,
    )
    wants_news = forms.BooleanField(
        label=WANTS_NEWS,
        help_text=_("You can change your mind whenever you like: on «My page», or tell us."),
        required=False,
    )

    def __init__(
        self, *args: Any, questions: OptionalQuestions = NOTHING_ASKED, **kwargs: Any
    ) -> None:
        """`questions` is what the college asks beside the rest."""
        super().__init__(*args, **kwargs)
        questions.put_to(self)
        self.helper.layout = Layout(*self.fields)
        self.helper.field_template = "_includes/field.html"

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_adjustment(self) -> str:
        text: str = self.cleaned_data["adjustment"].replace("\r\n", "\n").strip()
        validate_no_identity_number(text)
        if len(text) > ADJUSTMENT_LENGTH:
            raise ValidationError(
                gettext("Write a little less here: there is room for %(number)s letters.")
                % {"number": ADJUSTMENT_LENGTH},
                code="long",
            )
        return text

    def clean(self) -> dict[str, Any]:
        ask_for_contact(self)
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        """The cleaned answers as they go into hidden fields."""
        answers = {name: str(self.cleaned_data[name]) for name in ("name", "email", "adjustment")}
        answers["phone"] = formatting.phone(self.cleaned_data["phone"])
        for name in ("companion", "wants_news"):
            if self.cleaned_data.get(name):
                answers[name] = "on"
        if municipality := self.cleaned_data.get("municipality"):
            answers["municipality"] = municipality
        return answers

    @property
    def who(self) -> str:
        """Whom the answers are about, written alike however they were typed."""
        answers = self.cleaned_data
        return "\n".join((normalise_name(answers["name"]), answers["email"], answers["phone"]))

    @property
    def places(self) -> int:
        return 2 if self.cleaned_data["companion"] else 1


class ConsentForm(StudentForm):
    """The box to tick where, and only where, the college's legal basis is consent."""

    consent = forms.BooleanField(
        label=_("I agree that the college keeps what I have written, as told above."),
        error_messages={"required": _("Tick the box if you agree. Without it we may not keep it.")},
    )


class MyLinkForm(StudentForm):
    """How we know somebody."""

    contact = forms.CharField(
        label=_("Your e-mail address or phone number"),
        help_text=_("Write the one you signed up with."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "aria-required": "true"}),
    )

    def clean_contact(self) -> str:
        contact = self.cleaned_data["contact"]
        if not contact.strip():
            raise ValidationError(
                gettext("Write your e-mail address or your phone number."), code="missing"
            )
        return clean_contact(contact)


def ask_for_contact(form: forms.Form) -> None:
    """Let the form be wrong where it has neither an e-mail address nor a phone number."""
    answers = form.cleaned_data
    no_contact = not answers.get("email") and not answers.get("phone")
    if no_contact and not form.has_error("email") and not form.has_error("phone"):
        missing = gettext("Write an e-mail address or a phone number, so that we can reach you.")
        form.add_error("email", ValidationError(missing, code="missing"))


def clean_email(email: str) -> str:
    """The address as it is stored, or empty. Raises ValidationError for what is none."""
    email = normalise_email(email)
    validate_no_identity_number(email)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(
                gettext("Write the whole e-mail address, such as name@example.org."),
                code="email",
            ) from None
        if len(email) > 254:
            raise ValidationError(gettext("Write a shorter e-mail address."), code="long")
    return email


def clean_contact(contact: str) -> str:
    """An e-mail address or a phone number, whichever it is, as it is stored."""
    return clean_email(contact) if "@" in contact else clean_phone(contact)


def clean_phone(phone: str) -> str:
    """The number in E.164, or empty. Eleven digits after another country's code are a number."""
    phone = phone.strip()
    if not phone:
        return ""
    if not re.match(r"(\+|00)(?!\W*47)", phone):
        validate_no_identity_number(re.sub(r"^(\+|00)\W*47", "", phone))
    return normalise_phone(phone)


def clean_name(name: str, *, missing: str = "") -> str:
    """The name with single spaces. Raises ValidationError for what is no name, or too long.

    `missing` is said where there is no letter, to somebody who writes another person's name.
    """
    name = " ".join(name.split())
    validate_no_identity_number(name)
    if not any(character.isalpha() for character in name):
        missing = missing or gettext("Write the name you want to be called.")
        raise ValidationError(missing, code="missing")
    spaced = DOT_WITHOUT_SPACE.sub(". ", name)
    if len(spaced) > NAME_LENGTH or len(normalise_name(spaced)) > NAME_KEY_LENGTH:
        raise ValidationError(
            gettext("Write a shorter name: there is room for %(number)s letters.")
            % {"number": NAME_LENGTH},
            code="long",
        )
    # The name stands in a letter to an address that anybody may have written.
    if any(character in name for character in "/\\<>@[]{}|") or PHONE_NUMBER.search(name):
        raise ValidationError(
            gettext("Write only the name, without web addresses and special characters."),
            code="characters",
        )
    if holds_web_address(name):
        raise ValidationError(
            gettext(
                "This looks like a web address. If it is a name, write a space after the full stop."
            ),
            code="address",
        )
    return spaced
