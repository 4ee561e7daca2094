"""Runs the service on this machine for development: migrated, with demo data, on one address."""

import errno
import socket
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.core.servers import basehttp
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.ops.jobs import embedded

ADDRESS = "127.0.0.1"


class Command(BaseCommand):
    help = "Migrates, fills in the demo account and serves on 127.0.0.1:$PORT."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "serve is for development: set DEBUG=true and ALLOW_DEBUG=true, "
                "or run gunicorn --config config/gunicorn.py config.wsgi"
            )
        port: int = settings.ENVIRONMENT.port
        _refuse_taken(port)
        self.check()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        if "create_demo" in get_commands():
            call_command("create_demo", stdout=self.stdout, stderr=self.stderr)
        connection.close()
        if not settings.CELERY_BROKER_URL:
            embedded.serve()
            embedded.start()
        self._serve(port)

    def _serve(self, port: int) -> None:
        try:
            basehttp.run(
                ADDRESS,
                port,
                basehttp.get_internal_wsgi_application(),
                threading=True,
                on_bind=self._announce,
            )
        except OSError as wrong:
            raise _unusable(port, wrong) from wrong
        except KeyboardInterrupt:
            self.stdout.write("")

    def _announce(self, port: object) -> None:
        self.stdout.write(f"Workflow Debugger is at http://{ADDRESS}:{port}/ (Ctrl-C stops it)")
        self.stdout.flush()


def _refuse_taken(port: int) -> None:
    """Before the database is touched, so that a second `make run` changes nothing."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as wrong:
            raise _unusable(port, wrong) from wrong


def _unusable(port: int, wrong: OSError) -> CommandError:
    reason = {
        errno.EADDRINUSE: "is in use by another program",
        errno.EACCES: "may not be used by this user",
    }.get(wrong.errno or 0, f"cannot be used ({wrong.strerror})")
    return CommandError(f"Port {port} {reason}. Choose another one: PORT={port + 1} make run")
