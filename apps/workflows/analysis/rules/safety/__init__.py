"""Calls to other systems, errors and secrets."""
