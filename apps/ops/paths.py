"""Which paths look at the service instead of using it."""

# Every path that is one of these, or below one.
WATCHING = ("/live", "/ready", "/health", "/api/health", "/metrics", "/api/monitoring")


def is_below(path: str, prefixes: tuple[str, ...]) -> bool:
    # The first, quick look settles nearly all.
    return path.startswith(prefixes) and any(
        path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes
    )


def is_watching(path: str) -> bool:
    """Probes and monitoring: outside limits and figures, and in the log only when it is asked."""
    return is_below(path, WATCHING)
