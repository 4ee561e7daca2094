"""A process that only publishes, as a web process does: `python -m …enqueueing KIND COUNT [ID]`."""

import sys

import django


def main(kind: str, count: int, identity: str | None = None) -> None:
    from django.db import transaction

    from apps.ops import context
    from apps.ops.jobs import enqueue

    context.request_id.set(identity)
    # Two hundred to a transaction: it is the jobs that are under test.
    for start in range(0, count, 200):
        with transaction.atomic():
            for n in range(start, min(start + 200, count)):
                enqueue(kind, payload={"n": n})


if __name__ == "__main__":
    django.setup()
    import tests.ops.jobs.kinds  # noqa: F401

    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
