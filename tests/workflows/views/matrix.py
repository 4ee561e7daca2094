"""Every page and who may open it."""

#: path -> (method, visitor, stranger, viewer, owner).
PAGES: dict[str, tuple[str, int, int, int, int]] = {}
#: For anyone.
OPEN = {"", "sign-in", "sign-out"}
