"""How a page of the admin is saved: it undoes nothing of a colleague's; refusals are in words."""

from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from courses.admin.fields import NATIVE_DATES, AddOnlyRelatedChoices, PictureField
from courses.admin.names_in_order import NamesInOrder
from courses.pictures import PictureRefused, prepare
from courses.services import CourseError, NotPublishable

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    AnyForm = forms.ModelForm[Any]
    AnyFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    AnyAdmin = admin.ModelAdmin
    AnyForm = forms.ModelForm
    AnyFormSet = forms.BaseInlineFormSet


# In the address of a page that somebody came to from the index, and goes back to when it is saved.
BACK_TO_INDEX = "back-to-index"


class ChangedFieldsForm(AnyForm):
    """A form that knows what its page showed, so that an older page undoes nothing.

    `changed_data` is what somebody changed on that page. Whatever else a colleague has made of the
    row meanwhile stays as it is stored, also among the cleaned answers. Of a list to tick, what was
    ticked is added and what was unticked is taken away: a colleague's own ticks stand.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # A file that nobody chose anew is unchanged anyway. A password is never shown.
            if isinstance(field, forms.FileField) or isinstance(field.widget, forms.PasswordInput):
                continue
            # Answers without what was shown are no page's: they are taken as they are.
            field.show_hidden_initial = (
                not self.is_bound
                or isinstance(field, forms.ModelMultipleChoiceField)
                or self.add_initial_prefix(name) in self.data
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            stored = {field.name for field in self.instance._meta.fields}
            for name in self.fields.keys() & cleaned.keys() & stored - {*self.changed_data}:
                if self.fields[name].show_hidden_initial:
                    cleaned[name] = getattr(self.instance, name)
            for field in self.instance._meta.many_to_many:
                if field.name in self.fields and field.name in cleaned:
                    cleaned[field.name] = self._with_a_colleagues(field.name, cleaned[field.name])
        return cleaned

    def _with_a_colleagues(self, name: str, ticked: Any) -> Any:
        """What is stored, with what was ticked and unticked on this page."""
        box = self[name]
        shown = box.field.hidden_widget().value_from_datadict(
            self.data, self.files, box.html_initial_name
        )
        before, now = {str(pk) for pk in shown or []}, {str(row.pk) for row in ticked}
        stored = {str(row.pk) for row in getattr(self.instance, name).all()}
        return ticked.model.objects.filter(pk__in=(stored | (now - before)) - (before - now))


class RefusalMessagesForm(ChangedFieldsForm):
    """A form that also shows what a verb said after the form itself was in order."""

    refusals: ClassVar[Sequence[str]] = ()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for sentence in self.refusals:
            self.add_error(None, sentence)
        return cleaned


class StaleRowsFormSet(AnyFormSet):
    """Rows that a colleague may have removed since the page was opened."""

    def clean(self) -> None:
        """Say it among the errors that an inline shows: Django puts it at a hidden field."""
        super().clean()
        for form in self.initial_forms:
            if "id" in form.errors and not form.cleaned_data.get(DELETION_FIELD_NAME):
                raise ValidationError(
                    gettext("A colleague has changed this meanwhile. Open the page again.")
                )


def sentences(refusal: Exception) -> list[str]:
    """The words of a refusal; empty where it is not one of this app's."""
    if isinstance(refusal, NotPublishable):
        return refusal.missing
    if isinstance(refusal, ValidationError):
        return [str(message) for message in refusal.messages]
    return [str(refusal)] if isinstance(refusal, CourseError) else []


class RefusalMessagesAdmin(AddOnlyRelatedChoices, AnyAdmin):
    """A page whose save may be refused by a verb: nothing is kept, and the form says why."""

    form = RefusalMessagesForm
    formfield_overrides = NATIVE_DATES | {models.ImageField: {"form_class": PictureField}}
    show_facets = admin.ShowFacets.NEVER
    # By which the list is sorted in Norwegian order; empty: none holds names.
    names_column = ""
    names_from: Sequence[str] = ()

    # What a verb said of the answers that the page shows again.
    refusals: Sequence[str] = ()

    def refusal_messages(self, refusal: Exception) -> list[str]:
        return sentences(refusal)

    def refused(self, words: Sequence[str]) -> Self:
        """This page for one request, with what a verb said of its answers: it saves nothing."""
        page = copy(self)
        page.refusals = words
        return page

    def lock(self, pk: Any) -> None:
        """Hold the row until the transaction ends: it is compared with what a page showed."""
        # In no order of the model's, which would join other tables.
        list(self.model._default_manager.select_for_update().order_by().filter(pk=pk).values("pk"))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any | None:
        """The row; locked where the request is going to write it."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            with suppress(ValidationError, ValueError):
                self.lock(self.model._meta.pk.to_python(object_id))
        return super().get_object(request, object_id, from_field)

    def prepare_files(self, request: HttpRequest) -> None:
        """Draw pictures anew before the transaction, which holds others up."""
        for _name, files in request.FILES.lists():
            for file in files:
                with suppress(PictureRefused):  # which the form says
                    prepare(file)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            # Reading alone needs no transaction, which on SQLite takes the lock of all writing.
            return super().changeform_view(request, object_id, form_url, extra_context)
        self.prepare_files(request)
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Exception as refusal:
            words = self.refusal_messages(refusal)
            if not words:
                raise
            refused = self.refused(words)
            return refused.changeform_view(request, object_id, form_url, extra_context)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and BACK_TO_INDEX in request.GET:
            return redirect(request.get_full_path())
        return response

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if BACK_TO_INDEX in request.GET:
            return redirect("admin:index")
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        if BACK_TO_INDEX in request.GET:
            return redirect("admin:index")
        return super().response_post_save_change(request, obj)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamesInOrder if self.names_column else ChangeList

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            # Something has come to belong to it since the page was opened: which, it says now.
            return redirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django finds them; where rows are in the way, those by name and nothing else.

        Django would tell the kinds of rows that nobody may delete, and leave out the rows.
        """
        rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set() if protected else missing, protected

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Name the fields as the models do: those are the words that the catalogues translate.

        Django keeps the labels of its form, which begin with a capital and are in no catalogue.
        """
        message = super().construct_change_message(request, form, formsets, add)
        options = self.model._meta
        with translation.override(None):
            names = [str(each.verbose_name) for each in (*options.fields, *options.many_to_many)]
        by_label = {capfirst(name): name for name in names}
        for each in message:
            if changed := each.get("changed"):
                changed["fields"] = [by_label.get(label, label) for label in changed["fields"]]
        return message

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[AnyForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, RefusalMessagesForm):
            form.refusals = self.refusals
        return form


class PointedAtAdmin(RefusalMessagesAdmin):
    """Rows that courses only point at: deleted, the courses are without, and that is all."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The rows alone: that courses lose them is what deleting them means."""
        _rows, _counts, missing, protected = super().get_deleted_objects(objs, request)
        rows = [str(each) for each in objs]
        return rows, {self.model._meta.verbose_name_plural: len(rows)}, missing, protected
