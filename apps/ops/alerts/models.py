"""How each alert stands."""

from __future__ import annotations

from django.db import models


class Alert(models.Model):
    """One row per condition; whoever moves it on from what they read is the one who tells."""

    name = models.CharField(max_length=80, primary_key=True)
    firing = models.BooleanField(default=False)
    against = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)
    since = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
