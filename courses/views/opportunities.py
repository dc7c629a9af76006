"""Places outside the college, for whoever wants to go on from here."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from courses import queries, services
from courses.columns import WHOLE_OPPORTUNITY
from courses.models import Opportunity
from courses.norwegian.sorting import sort_key
from courses.small_facts import small_facts
from courses.web.client_address import client_network
from courses.web.public_pages import drawn_once, public_page


@dataclass(frozen=True, slots=True)
class OpportunityFilter:
    """What the visitor chose, as far as it can be chosen; empty for nothing."""

    municipality: str = ""
    kind: str = ""

    def matches(self, opportunity: Opportunity) -> bool:
        """An opportunity without a municipality is in all of them."""
        here = ("", self.municipality)
        return (not self.municipality or opportunity.place in here) and (
            not self.kind or opportunity.kind == self.kind
        )


@require_safe
@public_page
def opportunities(request: HttpRequest) -> HttpResponse:
    """All of them, or those of a municipality or a kind. Not found as long as there is none."""
    rows = queries.public_opportunities()
    if not rows:
        raise Http404
    college = queries.nothing_but_the_college()

    def context() -> dict[str, object]:
        found: list[Opportunity] = [WHOLE_OPPORTUNITY.instance(row) for row in rows]
        found.sort(key=lambda each: sort_key(each.name))
        places = sorted({each.place for each in found if each.place}, key=sort_key)
        kinds = {each.kind for each in found}
        kind, place = request.GET.get("type", ""), request.GET.get("kommune", "")
        wanted = OpportunityFilter(
            municipality=place if place in places else "", kind=kind if kind in kinds else ""
        )
        shown = [each for each in found if wanted.matches(each)]
        words = ngettext("%(number)s place", "%(number)s places", len(shown))
        return {
            "college": small_facts(college.facts).college,
            "wanted": wanted,
            "is_narrowed": wanted != OpportunityFilter(),
            "places": places,
            "kinds": [each for each in Opportunity.Kind.choices if each[0] in kinds],
            "opportunities": shown,
            "result": words % {"number": len(shown)},
        }

    contents = (college.facts, rows)
    return drawn_once(request, "courses/opportunities.html", contents=contents, context=context)


@csrf_exempt  # anybody may press it, so there is no sign-in to misuse, and the list needs no cookie
@require_POST
def opportunity_report(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """«This is not right any more»: a line for staff. It says nothing of whoever pressed it."""
    if services.count_opportunity_report(network=client_network(request)):
        return render(
            request, "courses/opportunity_reported.html", {"is_too_much": True}, status=429
        )
    if not services.report_opportunity(opportunity_id=opportunity_id):
        raise Http404
    return redirect("opportunity_reported")


@require_safe
@public_page
def opportunity_reported(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/opportunity_reported.html")
