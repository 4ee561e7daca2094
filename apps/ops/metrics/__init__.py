"""What the service did: counters and timings shared by all web processes of a machine.

`store` keeps them, `machines` exchanges them with other machines, `summary` and `exposition` tell
them as JSON and as Prometheus text, both from the same numbers.
"""

from apps.ops.metrics.store import STORE

__all__ = ["STORE"]
