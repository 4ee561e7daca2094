"""Every page and who may open it."""

#: path -> (method, visitor, stranger, viewer, owner); {analysis} and the others are Alice's.
PAGES: dict[str, tuple[str, int, int, int, int]] = {
    "analysis/<uuid:pk>": ("get", 302, 404, 200, 200),
    "analysis/<uuid:pk>/delete": ("post", 302, 404, 403, 302),
    "history": ("get", 302, 200, 200, 200),
    "workflows": ("get", 302, 200, 200, 200),
    "workflows/<uuid:workflow>": ("get", 302, 404, 200, 200),
    "workflows/<uuid:workflow>/analyse": ("post", 302, 404, 403, 302),
}
#: For anyone.
OPEN = {"", "rules", "rules/<str:rule_id>", "sign-in", "sign-out"}
