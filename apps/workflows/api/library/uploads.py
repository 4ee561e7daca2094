"""What POST /api/workflows is sent, as documents; and what it answers of those it cannot take."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from apps.ops.errors import STATUSES, ApplicationError
from apps.workflows.api.library.serializers import ImportSerializer, UploadSerializer
from apps.workflows.intake import Fault
from apps.workflows.platforms.loading import Document, Room, documents
from apps.workflows.services import Imported

_LONGEST_NAME = 200
_LONGEST_MESSAGE = 500


def read_documents(request: Request) -> tuple[list[Document], dict[str, Any]]:
    """The documents in a JSON body or in uploaded files, and what was said about them."""
    if request.content_type.partition(";")[0].strip().lower() == "multipart/form-data":
        sent = UploadSerializer.read(request.data)
        room = Room()
        found = [each for file in sent["file"] for each in documents(file.read(), file.name, room)]
    else:
        sent = ImportSerializer.read(request.data)
        written = sent["definition"]
        found = [Document("definition", written.value, text=written.text)]
    return found, {"platform": sent.get("platform"), "name": sent.get("name")}


def refuse_if_nothing(done: Imported) -> None:
    """Raises when not one workflow could be taken: with the fault, or all of them in details."""
    if done.workflows:
        return
    if not done.errors:
        raise ApplicationError("unsupported_definition", "There is no workflow in this.")
    codes = {fault.error.code for fault in done.errors}
    code = codes.pop() if len(codes) == 1 else "unsupported_definition"
    first, more = done.errors[0].error.message, len(done.errors) - 1
    message = f"{first} (and {more} more)" if more else first
    details = [
        {"field": each["name"], "code": each["code"], "message": each["message"]}
        for each in map(fault_to_wire, done.errors)
    ]
    code = code if code in STATUSES else "unsupported_definition"
    raise ApplicationError(code, message, details=details)


def fault_to_wire(fault: Fault) -> dict[str, str]:
    return {
        "name": fault.name[:_LONGEST_NAME],
        "code": fault.error.code,
        "message": fault.error.message[:_LONGEST_MESSAGE],
    }
