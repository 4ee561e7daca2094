"""Django's PostgreSQL backend, which asks again when a connection is lost."""
