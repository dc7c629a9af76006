"""What happens in each line of `tests.test_verbs` about who works here."""

from allauth.mfa.models import Authenticator

from recoverycollege.staff import services
from recoverycollege.staff.roles import Role
from tests import factories
from tests.verb_scene import Done, Scene


def invite(scene: Scene) -> Done:
    return lambda: [
        services.invite(
            name="Kari Moen", email="kari@example.org", role=Role.OWNER, tutor=None, by=scene.by
        )
    ]


def invite_again(scene: Scene) -> Done:
    [user] = invite(scene)()

    def done() -> list:
        services.invite_again(user=user, by=scene.by)
        return [user]

    return done


def change_staff(scene: Scene) -> Done:
    [user] = invite(scene)()

    def done() -> list:
        answers = {"name": "Kari", "email": "k@example.org", "role": Role.COORDINATOR}
        services.change_staff(user=user, **answers, tutor=None, by=scene.by)
        return [user]

    return done


def take_access_away(scene: Scene) -> Done:
    user = factories.make_coordinator()

    def done() -> list:
        services.take_access_away(user=user, by=scene.by)
        return [user]

    return done


def forget_second_factor(scene: Scene) -> Done:
    user = factories.make_coordinator()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    def done() -> list:
        services.forget_second_factor(user=user, by=scene.by)
        return [user]

    return done
