"""The cache that breakers and paces share: it goes on counting while Redis is away."""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

counters = ConnectionProxy(caches, "limits")
