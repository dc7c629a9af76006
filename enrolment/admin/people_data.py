"""Django's own admin log is off for people: it would keep names after they are erased."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from courses.admin.saving import RefusalMessagesAdmin


class PeopleDataAdmin(RefusalMessagesAdmin):
    """Rows about people. What happens to them is in the value-free events."""

    list_per_page = 50

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyPeopleDataAdmin(PeopleDataAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
