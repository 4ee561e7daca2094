"""The health score as a dial: an arc that is as long as the score, with the words in it."""

from __future__ import annotations

import math

from apps.workflows.analysis.scoring import Score

_RADIUS = 52
_ROUND = 2 * math.pi * _RADIUS


def dial(score: Score | None) -> str:
    """An ``<svg>`` without styles; its class names the grade."""
    value, said = ("–", "No score") if score is None else (str(score.value), score.grade)
    share = 0.0 if score is None else score.value / 100 * _ROUND
    grade = said.lower().replace(" ", "-")
    name = "No health score" if score is None else f"Health score {value} of 100: {said}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dial dial-{grade}" role="img"'
        f' aria-label="{name}" viewBox="0 0 128 128" width="160" height="160"'
        ' font-family="system-ui, sans-serif">'
        f'<circle class="dial-ring" cx="64" cy="64" r="{_RADIUS}" fill="none" stroke-width="11"/>'
        f'<circle class="dial-arc" cx="64" cy="64" r="{_RADIUS}" fill="none" stroke-width="11"'
        f' stroke-dasharray="{share:.1f} {_ROUND:.1f}" transform="rotate(-90 64 64)"/>'
        f'<text class="dial-value" x="64" y="70" text-anchor="middle" font-size="34"'
        f' font-weight="700">{value}</text>'
        f'<text class="dial-grade" x="64" y="88" text-anchor="middle" font-size="11">{said}</text>'
        "</svg>"
    )
