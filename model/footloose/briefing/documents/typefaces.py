"""The package's typeface cut to the characters of one document, for embedding in a web page."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from io import BytesIO

from fontTools import subset
from fontTools.ttLib import TTFont

from footloose.briefing.typeface import FILES


def embedded(texts: Iterable[str], weight: str) -> str:
    """Return a weight of the typeface with the characters of the texts, as a data URI of WOFF.

    raises: KeyError for a weight that does not exist
    """
    wanted = {ord(character) for text in texts for character in text} | set(range(0x20, 0x7F))
    options = subset.Options(flavor="woff", layout_features=["kern", "locl"], notdef_outline=True, hinting=False)
    with TTFont(FILES[weight], lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        font.flavor = "woff"
        written = BytesIO()
        font.save(written)
    return "data:font/woff;base64," + base64.b64encode(written.getvalue()).decode("ascii")
