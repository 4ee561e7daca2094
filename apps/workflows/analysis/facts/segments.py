"""How many segments a text message is billed as, counted as carriers do."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each takes two places: an escape comes before it.
_EXTENDED = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _EXTENDED
_GSM7 = (160, 153)
_UCS2 = (70, 67)
#: The last character that is no surrogate pair in UCS-2.
_ONE_PLACE = "\uffff"


def is_gsm7(text: str) -> bool:
    """Whether the text fits the 7-bit alphabet; one character outside it doubles the price."""
    return _ALPHABET.issuperset(text)


def count_segments(text: str) -> int:
    """1 for up to 160 (or 70) places; beyond that a header takes 7 (or 3) of each segment.

    A character of two places (an escaped one, or a surrogate pair) is never cut in half.
    """
    if not text:
        return 0
    basic = is_gsm7(text)
    single, each = _GSM7 if basic else _UCS2
    if _EXTENDED.isdisjoint(text) if basic else max(text) <= _ONE_PLACE:
        return 1 if len(text) <= single else -(-len(text) // each)
    if basic:
        widths = [2 if char in _EXTENDED else 1 for char in text]
    else:
        widths = [2 if char > _ONE_PLACE else 1 for char in text]
    if sum(widths) <= single:
        return 1
    count, room = 1, each
    for width in widths:
        if width > room:
            count, room = count + 1, each
        room -= width
    return count


def outside_gsm7(text: str) -> list[str]:
    """The characters that keep a text out of the 7-bit alphabet, each once."""
    odd = [char for char in text if char not in _BASIC and char not in _EXTENDED]
    return list(dict.fromkeys(odd))
