"""Opportunities outside the college, and when somebody last looked whether it is so."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin.fields import SHORT_TEXTS
from courses.admin.saving import PointedAtAdmin
from courses.models import Opportunity
from courses.norwegian.formatting import day_without_weekday

TO_CHECK = "check"


class ToCheckFilter(admin.SimpleListFilter):
    title = _("to be checked")
    parameter_name = TO_CHECK

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", gettext("Those to check now"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> QuerySet[Opportunity]:
        if not self.value():
            return queryset
        # Of the model's own manager, whose words the admin's query set does not know.
        to_check = Opportunity.objects.to_check(timezone.localdate())
        return queryset.filter(pk__in=to_check.order_by().values("pk"))


@admin.register(Opportunity)
class OpportunityAdmin(PointedAtAdmin):
    names_column = "name"
    formfield_overrides = SHORT_TEXTS
    list_display = ["name", "kind", "municipality", "checked", "check_button"]
    list_filter = [ToCheckFilter, "kind", "municipality"]
    search_fields = ["name", "about"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "kind", "municipality", "about", "needs_referral"],
                "description": _("When you save, it counts as checked today."),
            },
        ),
        (_("How they are reached"), {"fields": ["phone", "email", "website"]}),
    ]

    @admin.display(description=_("checked"), ordering="checked_on")
    def checked(self, opportunity: Opportunity) -> str:
        checked = day_without_weekday(opportunity.checked_on)
        if opportunity.reported_on is None:
            return checked
        words = gettext("Somebody said on %(day)s that it is not right.")
        return format_html(
            '{}<br><strong class="doubted">{}</strong>',
            checked,
            words % {"day": day_without_weekday(opportunity.reported_on)},
        )

    @admin.display(description=_("is it right?"))
    def check_button(self, opportunity: Opportunity) -> str:
        # A button of the list's own form, which goes elsewhere.
        return format_html(
            '<button type="submit" class="check" formaction="{}">{}'
            '<span class="visually-hidden">: {}</span></button>',
            reverse("admin:opportunity_checked", args=[opportunity.pk]),
            gettext("Checked"),
            opportunity.name,
        )

    def save_model(self, request: HttpRequest, obj: Opportunity, form: Any, change: bool) -> None:
        services.save_opportunity(opportunity=obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(checked)
        return [
            path("<row:opportunity_id>/checked/", view, name="opportunity_checked"),
            *super().get_urls(),
        ]


@permission_required("courses.change_opportunity", raise_exception=True)
def checked(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """All is right today: on to those that are left to check."""
    if request.method == "POST":
        try:
            found = services.check_opportunity(opportunity_id=opportunity_id)
        except Opportunity.DoesNotExist:
            raise Http404 from None
        messages.success(request, gettext("Checked today: %(name)s.") % {"name": found.name})
    else:
        messages.warning(request, gettext("Not written down. Please try again."))
    address = reverse("admin:courses_opportunity_changelist")
    is_more = Opportunity.objects.to_check(timezone.localdate()).exists()
    return redirect(f"{address}?{TO_CHECK}=now" if is_more else address)
