"""Tutors, and how they are reached."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.pages import page
from courses.admin.saving import ChangedFieldsForm, RefusalMessagesAdmin, RefusalMessagesForm
from courses.models import Tutor
from courses.norwegian.formatting import day, phone
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.norwegian.phone_numbers import normalise_phone
from courses.tutor_history import coming_sessions, history_of
from courses.web import sign_in


class TutorForm(RefusalMessagesForm):
    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        validate_no_identity_number(name)
        return name

    def clean_presentation(self) -> str:
        presentation: str = self.cleaned_data["presentation"]
        validate_no_identity_number(presentation)
        return presentation

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        validate_no_identity_number(email)
        return email

    def clean_phone(self) -> str:
        written: str = self.cleaned_data["phone"].strip()
        validate_no_identity_number(written)
        return normalise_phone(written) if written else ""


class TutorRowForm(ChangedFieldsForm):
    """A row that names a tutor: whoever teaches no more is offered only where they stand now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tutor"]
        if isinstance(field, forms.ModelChoiceField):
            choices: Any = field.choices
            field.choices = [
                (value, label)
                for value, label in choices
                if not value or value.instance.is_active or value == self.instance.tutor_id
            ]


def _tell_what_is_left(request: HttpRequest, tutor: Tutor) -> None:
    """Name the sessions that somebody who teaches no more still has. Nothing is refused for it."""
    coming = coming_sessions(tutor)
    if not coming:
        return
    sentence = ngettext(
        "%(name)s still has %(count)s session to come, %(day)s.",
        "%(name)s still has %(count)s sessions to come, the first %(day)s.",
        len(coming),
    ) % {
        "name": tutor.shown_name,
        "count": len(coming),
        "day": day(coming[0].session.starts_at),
    }
    messages.warning(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            sentence,
            reverse("admin:tutor_courses", args=[tutor.pk]),
            gettext("See them, and find somebody else."),
        ),
    )


@permission_required("courses.view_tutor", raise_exception=True)
def tutor_courses(request: HttpRequest, tutor_id: int) -> HttpResponse:
    """What the tutor does and has done, as facts: there is no room for notes about anybody."""
    tutor = get_object_or_404(Tutor, pk=tutor_id)
    history = history_of(tutor)
    return page(
        request,
        "admin/courses/tutor/courses.html",
        tutor.shown_name,
        subtitle=gettext("Courses and sessions"),
        tutor=tutor,
        history=history,
        held=[
            (semester, list(sessions))
            for semester, sessions in groupby(
                history.held, key=lambda each: each.session.run.semester
            )
        ],
    )


@admin.register(Tutor)
class TutorAdmin(RefusalMessagesAdmin):
    names_column = "name"
    form = TutorForm
    list_display = ["name", "phone_number", "is_active", "has_sign_in", "email"]
    list_filter = ["is_active"]
    list_select_related = ["user"]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "presentation", "photo"]}),
        (_("How we reach them"), {"fields": ["email", "phone", "is_active"]}),
    ]
    of_saved = (_("Sign-in"), {"fields": ["signs_in"]})
    readonly_fields = ["signs_in"]

    def get_fieldsets(self, request: HttpRequest, obj: Tutor | None = None) -> Any:
        """Whoever is written down can be invited; not before."""
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, self.of_saved] if obj is not None else fieldsets

    @admin.display(description=_("sign-in"))
    def signs_in(self, tutor: Tutor) -> str:
        """By which name, and where that is changed: nobody has a password from somebody else."""
        user = tutor.user
        if user is None:
            address = f"{reverse('admin:staff_invite')}?tutor={tutor.pk}"
            return format_html(
                '<a href="{}">{}</a>', address, gettext("Invite the tutor to sign in")
            )
        said = user.get_username() if user.is_active else gettext("Cannot sign in.")
        address = reverse("admin:staff") + f"#staff-{user.pk}"
        return format_html('{} · <a href="{}">{}</a>', said, address, gettext("Change"))

    @admin.display(description=_("phone"), ordering="phone")
    def phone_number(self, tutor: Tutor) -> str:
        return phone(tutor.phone) if tutor.phone else "–"

    @admin.display(description=_("sign-in"))
    def has_sign_in(self, tutor: Tutor) -> str:
        return tutor.user.get_username() if tutor.user and tutor.user.is_active else "–"

    def get_queryset(self, request: HttpRequest) -> Any:
        """In the list, nobody who is erased: what they held shows on the courses."""
        found = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "courses_tutor_changelist"
        return found.filter(erased_at=None) if is_list else found

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Of a tutor who is erased there is nothing to write any more, but what they held."""
        tutor = self.get_object(request, object_id)
        if tutor is not None and tutor.erased_at is not None:
            return redirect("admin:tutor_courses", tutor.pk)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Tutor, form: Any, change: bool) -> None:
        services.save_tutor(tutor=obj)
        if change and "is_active" in form.changed_data and not obj.is_active:
            _tell_what_is_left(request, obj)

    def delete_model(self, request: HttpRequest, obj: Tutor) -> None:
        services.delete_tutor(tutor=obj)

    def get_urls(self) -> list[URLPattern]:
        let_in = path(
            "<row:tutor_id>/slipp-inn/",
            self.admin_site.admin_view(self.let_in_again),
            name="tutor_let_in_again",
        )
        courses = path(
            "<row:tutor_id>/courses/",
            self.admin_site.admin_view(tutor_courses),
            name="tutor_courses",
        )
        return [let_in, courses, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Whether the tutor has tried to sign in too often: then there is a button for it."""
        tutor = kwargs.get("obj")
        user = tutor.user if tutor else None
        context["is_shut_out"] = bool(
            user and user.is_active and sign_in.is_shut_out(user.get_username())
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def let_in_again(self, request: HttpRequest, tutor_id: int) -> HttpResponse:
        """One click for a tutor who has tried to sign in too often, or whom others shut out."""
        tutor = get_object_or_404(Tutor.objects.select_related("user"), pk=tutor_id)
        if not self.has_change_permission(request, tutor):
            raise PermissionDenied
        if request.method == "POST" and services.let_in_again(tutor=tutor):
            self.log_change(request, tutor, [{"changed": {"fields": ["sign-in"]}}])
            messages.success(request, gettext("The tutor may sign in again."))
        return redirect("admin:courses_tutor_change", tutor.pk)
