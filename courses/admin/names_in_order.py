"""Lists of names in Norwegian order, which no database keeps alike."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.forms.models import ModelChoiceField, ModelChoiceIterator
from django.http import HttpRequest

from courses.models import Course, Opportunity, Partner, Topic, Tutor, Venue
from courses.norwegian.sorting import sort_key

NAMED = (Course, Opportunity, Partner, Topic, Tutor, Venue)


class NamesInOrder(ChangeList):
    """A list that is sorted by the column of its names as Norwegians do. One query more.

    The column is the admin's `names_column`; by another one the database sorts. Where the names
    stand in other rows, `names_from` says in which columns: the first that holds one counts.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        column = getattr(self.model_admin, "names_column", "")
        sorted_by = next(iter(self.get_ordering_field_columns().items()), (None, ""))
        number, direction = sorted_by
        if number is None or [*self.list_display[int(number) :], ""][0] != column:
            return
        columns = getattr(self.model_admin, "names_from", ()) or (column,)
        names = [
            (pk, next(filter(None, found), ""))
            for pk, *found in self.queryset.order_by().values_list("pk", *columns).distinct()
        ]
        names.sort(key=lambda row: (sort_key(row[1]), row[0]), reverse=direction == "desc")
        if self.multi_page and not (self.show_all and self.can_show_all):
            begin = (self.page_num - 1) * self.list_per_page
            names = names[begin : begin + self.list_per_page]
        rows: dict[Any, Any] = {
            row.pk: row for row in self.queryset.filter(pk__in=[pk for pk, _name in names])
        }
        self.result_list = [rows[pk] for pk, _name in names if pk in rows]


def in_order(field: Any) -> Any:
    """The field of a form, with its choices by name where it is one of rows that have names."""
    if isinstance(field, ModelChoiceField) and field.queryset is not None:
        field.iterator = ChoicesInOrder
        field.queryset = field.queryset  # the choices are made anew by it
    return field


class ChoicesInOrder(ModelChoiceIterator):
    """What can be chosen, by name; nothing chosen first, as ever."""

    def __iter__(self) -> Iterator[Any]:
        choices = list(super().__iter__())
        if self.queryset.model not in NAMED:
            return iter(choices)
        empty = [choice for choice in choices if not choice[0]]
        rest = [choice for choice in choices if choice[0]]
        return iter([*empty, *sorted(rest, key=lambda choice: sort_key(str(choice[1])))])
