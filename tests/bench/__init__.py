"""Measurements of the core and of the service, in one run: `make bench`."""
