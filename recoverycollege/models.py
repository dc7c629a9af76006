"""What the portal remembers of its own running. Nothing here is about a person."""

from django.db import models


class NightlyStep(models.Model):
    """How one step of the nightly work ended the last time: one row for each step."""

    step = models.CharField(primary_key=True, max_length=50)
    ended_at = models.DateTimeField()
    succeeded = models.BooleanField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.step
