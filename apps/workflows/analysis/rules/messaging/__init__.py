"""Waits and messages."""
