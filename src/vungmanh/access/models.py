"""People who sign in, the roles they hold in a unit, and the ledger of what was done."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Reach, Role


class User(AbstractUser):
    """Somebody who signs in. What they may see comes only from their role grants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    display_name = models.CharField(max_length=120, blank=True)

    #: For whom this user acts in the present request: set with the viewer, read by the ledger.
    acting_for: User | None = None

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """A role held in a unit over dates. No grant, no sight.

    `access` knows a unit only by its id; the foreign key is added by `org`, which stands above.
    An overseer's grants are the dated record of which cells are in that person's charge.
    A delegated grant is held `on_behalf_of` somebody, always ends, and is shown on each act.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=Role.choices())
    unit_id = models.UUIDField()
    reach = models.CharField(max_length=16, choices=Reach.choices())
    valid = DateRangeField()
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="grants_given"
    )
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="delegations"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on_behalf_of=None) | models.Q(valid__upper_inf=False),
                name="access_delegation_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of=None) | ~models.Q(on_behalf_of=models.F("user")),
                name="access_delegation_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} in {self.unit_id}"


class Event(models.Model):
    """One thing that was done. Append-only: the database refuses changes and deletions.

    `data` names units, counts and codes; whatever tells of a person goes into `personal`,
    which alone may later be emptied.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["subject", "id"], name="access_event_subject"),
            # Statistics of a period ask what moved members between two days.
            models.Index(
                KeyTextTransform("from_day", "data"),
                condition=models.Q(verb="count.moved"),
                name="access_event_moved_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
