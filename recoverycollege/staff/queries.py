"""Who works here, with what coordinators ask about them."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from enrolment.models import Letter


def staff() -> QuerySet[User]:
    """Everybody with a sign-in, those who may use it first. Two queries, and one for the groups.

    With `invited_at`, when they were last invited, and `has_factor`. Whoever is erased is left out.
    """
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    invited = Q(letters__kind=Letter.Kind.INVITED)
    return (
        User.objects.exclude(tutor__erased_at__isnull=False)
        .annotate(
            invited_at=Max("letters__owed_since", filter=invited),
            has_factor=Exists(factor),
        )
        .select_related("tutor")
        .prefetch_related("groups")
        .order_by("-is_active", "first_name", "last_name", "username")
    )


def who_has_email(email: str) -> User | None:
    """Who may sign in and is reached there; nobody where two are. One query."""
    found = list(User.objects.filter(email__iexact=email, is_active=True)[:2])
    return found[0] if len(found) == 1 else None
