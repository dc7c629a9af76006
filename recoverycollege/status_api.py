"""The status as JSON, for a program that watches: `/drift/` with `Authorization: Bearer TOKEN`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recoverycollege.status import status


@never_cache
@require_safe
def status_api(request: HttpRequest) -> HttpResponse:
    """200 where all is well, 503 where somebody has something to do. In English.

    404 without the token that STATUS_TOKEN holds, and everywhere where it is not set.
    """
    token = settings.STATUS_TOKEN
    if not token or not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {token}"
    ):
        raise Http404
    with override("en"):
        facts = status(timezone.now())
    is_fine = all(each.is_fine for each in facts)
    told = {
        each.name: {"value": each.value, "ok": each.is_fine, "advice": each.advice}
        for each in facts
    }
    return JsonResponse({"ok": is_fine, **told}, status=200 if is_fine else 503)
