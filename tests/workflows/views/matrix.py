"""Every page and who may open it."""

#: path -> (method, visitor, stranger, viewer, owner); {analysis} and the others are Alice's.
PAGES: dict[str, tuple[str, int, int, int, int]] = {
    "analysis/<uuid:pk>": ("get", 302, 404, 200, 200),
    "analysis/<uuid:pk>/delete": ("post", 302, 404, 403, 302),
    "analysis/<uuid:pk>/share": ("post", 302, 404, 403, 400),
    "analysis/<uuid:pk>/compare/<uuid:earlier>": ("get", 302, 404, 200, 200),
    "compare": ("get", 302, 400, 400, 400),
    "history": ("get", 302, 200, 200, 200),
    "map": ("get", 302, 402, 200, 200),
    "references": ("get", 302, 402, 200, 200),
    "scans": ("get", 302, 200, 200, 200),
    "scans/<uuid:scan>": ("get", 302, 404, 200, 200),
    "scans/<uuid:scan>/cancel": ("post", 302, 404, 403, 302),
    "settings": ("get", 302, 200, 200, 200),
    "settings/members/<int:member>": ("post", 302, 404, 403, 400),
    "settings/connections": ("post", 302, 400, 403, 400),
    "settings/connections/<uuid:connection>": ("post", 302, 404, 403, 302),
    "workflows/sync": ("post", 302, 409, 403, 409),
    "settings/switch": ("post", 302, 404, 404, 404),
    "settings/notifications": ("get", 302, 200, 200, 200),
    "settings/notifications/<uuid:channel>": ("post", 302, 404, 403, 302),
    "settings/rules": ("get", 302, 200, 200, 200),
    "settings/plan": ("get", 302, 200, 200, 200),
    "settings/tokens": ("get", 302, 200, 200, 200),
    "settings/tokens/<uuid:token>/revoke": ("post", 302, 404, 403, 302),
    "simulate": ("get", 302, 200, 200, 200),
    "suppressions": ("get", 302, 200, 200, 200),
    "suppressions/<uuid:suppression>/delete": ("post", 302, 404, 403, 302),
    "workflows": ("get", 302, 200, 200, 200),
    "workflows/<uuid:workflow>": ("get", 302, 404, 200, 200),
    "workflows/<uuid:workflow>/analyse": ("post", 302, 404, 403, 302),
}
#: For anyone.
OPEN = {"", "api/docs", "rules", "rules/<str:rule_id>", "sign-in", "sign-out"}
