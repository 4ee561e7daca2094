"""What every answer carries beside its body, and which answers travel compressed."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from apps.ops import paths

GetResponse = Callable[[HttpRequest], HttpResponseBase]

HEADERS = {
    # Nothing here uses any of it; so nothing that gets in here can.
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media",
            "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
            "picture-in-picture", "publickey-credentials-get", "usb", "xr-spatial-tracking",
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}  # fmt: skip
# Answers there are about one account; no cache between us and its people may keep them.
PRIVATE = ("/api", "/auth", "/test")
# A secret beside text that a stranger chose must not be compressed: the length would tell of it
# (BREACH). Forms hold a CSRF token, /auth and share links are secrets themselves.
COMPRESSED = ("/api", "/test")
_TYPES = ("application/json", "application/sarif+json", "text/", "image/svg+xml")


class HeadersMiddleware:
    """Adds what is missing; a view may say otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if paths.is_below(request.path_info, PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Gzip for the answers of the API, which are long and hold no secrets."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if may_compress(request.path_info, response.headers.get("Content-Type", "")):
            return super().process_response(request, response)
        return response


def may_compress(path: str, content_type: str) -> bool:
    return (
        paths.is_below(path, COMPRESSED)
        and not path.endswith("/share")
        and content_type.startswith(_TYPES)
    )
