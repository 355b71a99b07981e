"""A briefing as one HTML file: figures and typeface inside, nothing fetched, readable by screen readers, printable."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from footloose.briefing.documents.document import Document, Picture
from footloose.briefing.documents.typefaces import embedded

TAGS = {"en": "en", "zh": "zh-Hans"}
"""Language tags (BCP 47)."""
LARGEST = 600_000
"""Bytes of an SVG from which on the PNG is taken."""


def write_html(document: Document, file: Path) -> None:
    """Write the page.

    raises: OSError
    """
    surroundings = Environment(
        loader=PackageLoader("footloose.briefing.documents"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    texts = list(document.texts())
    fonts = {weight: embedded(texts, weight) for weight in ("normal", "bold")}
    page = surroundings.get_template("briefing.html").render(
        document=document, words=document.words, tag=TAGS[document.language], fonts=fonts, image=image
    )
    file.write_text(page, encoding="utf-8", newline="\n")


def image(picture: Picture) -> str:
    """Return a figure as a data URI: SVG, or PNG where that is smaller by far."""
    drawn = picture.svg.read_bytes()
    kind = "svg+xml"
    if len(drawn) > LARGEST:
        drawn, kind = picture.png.read_bytes(), "png"
    return f"data:image/{kind};base64," + base64.b64encode(drawn).decode("ascii")
