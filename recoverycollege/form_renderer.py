"""Writes the plain parts of forms without a template each: a run's page has hundreds of them.

What it writes is, sign for sign, what Django's own templates make of the same context; a part that
is not listed here, such as the admin's own, goes through its template as ever.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape

OPTION = "django/forms/widgets/select_option.html"


class NotPlain(Exception):
    """Something in the context asks for a template of its own."""


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = widget["value"]
    shown = "" if value is None else f' value="{conditional_escape(value)}"'
    return (
        f'<input type="{conditional_escape(widget["type"])}" '
        f'name="{conditional_escape(widget["name"])}"{shown}{_attributes(widget["attrs"])}>'
    )


def _textarea(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    text = conditional_escape(localize(widget["value"])) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    parts = [
        f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>',
    ]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(localize(group))}">')
        parts.extend(f"\n  {option}" for option in _options(options))
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _options(options: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for option in options:
        if option["template_name"] != OPTION:
            raise NotPlain
        yield (
            f'<option value="{conditional_escape(option["value"])}"'
            f"{_attributes(option['attrs'])}>{conditional_escape(localize(option['label']))}</option>\n"
        )


def _label(context: Mapping[str, Any]) -> str:
    label = conditional_escape(localize(context["label"]))
    if not context["use_tag"]:
        return label
    tag = conditional_escape(context["tag"])
    return f"<{tag}{_attributes(context['attrs'] or {})}>{label}</{tag}>"


def _errors(context: Mapping[str, Any]) -> str:
    """Nothing, as at nearly every field of nearly every page."""
    if context["errors"]:
        raise NotPlain
    return ""


_INPUTS = (
    "checkbox",
    "date",
    "datetime",
    "email",
    "hidden",
    "input",
    "number",
    "password",
    "tel",
    "text",
    "time",
    "url",
)
WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
    "django/forms/errors/list/ul.html": _errors,
}


class PlainRenderer(DjangoTemplates):
    """Django's own renderer, quicker at what most fields consist of."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        write = WRITERS.get(template_name)
        if write is not None:
            try:
                return write(context).strip()
            except NotPlain:
                pass
        return super().render(template_name, context, request)
