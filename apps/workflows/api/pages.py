"""Pages of lists that are made once and kept until something in them changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.ops.cache import cached

Row = TypeVar("Row", bound=Model)


def kept_page(
    view: GenericViewSet[Row],
    find: Callable[[], QuerySet[Any]],
    to_row: Callable[[Any], dict[str, Any]],
    *,
    tag: str,
    seconds: int,
    depends: Mapping[str, Any],
) -> Response:
    """The page that the request asks for; ``tag`` names the list and whose it is.

    ``depends`` is all that the rows depend on beside the tag: filters, order, the plan.
    """
    asked = {name: view.request.query_params.get(name) for name in ("page", "pageSize")}
    text = json.dumps({**depends, **asked}, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()

    def make() -> tuple[Any, Any]:
        page = view.paginate_queryset(find()) or []
        response = view.get_paginated_response([to_row(each) for each in page])
        return response.data, response.pagination  # type: ignore[attr-defined]

    data, pagination = cached(f"{tag}:{digest}", tags=[tag], seconds=seconds, make=make)
    response = Response(data)
    response.pagination = pagination  # type: ignore[attr-defined]
    return response
