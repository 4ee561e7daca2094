"""Static files with names that change with their content, once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Before `collectstatic` the plain names serve, so that a bare checkout shows its pages."""

    manifest_strict = False
    # A script's imports get the names that change with their content, too.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
