"""A briefing as PDF: set by typst from data, with the package's typeface, tagged, with alternative texts."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from footloose.briefing.documents.document import Document, Part
from footloose.briefing.typeface import FOLDER, NAME

TEMPLATE = "briefing.typ"
REGIONS = {"en": ("en", "GB"), "zh": ("zh", "CN")}


def write_pdf(document: Document, file: Path) -> None:
    """Write the PDF; texts reach typst as data, never as source.

    raises: OSError
    """
    import typst

    with TemporaryDirectory(prefix="footloose-") as name:
        room = Path(name)
        template = resources.files("footloose.briefing.documents").joinpath("templates", TEMPLATE)
        (room / TEMPLATE).write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        data = as_data(document, room)
        (room / "document.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        written = typst.compile(
            str(room / TEMPLATE), root=str(room), font_paths=[str(FOLDER)], ignore_system_fonts=True
        )
    file.write_bytes(bytes(written))


def as_data(document: Document, room: Path) -> dict[str, Any]:
    """Return the document as plain data; its figures are copied into a folder and named by file."""
    language, region = REGIONS[document.language]
    parts = [part_as_data(part, place, room) for place, part in enumerate(document.parts)]
    data = asdict(document) | {"parts": parts, "language": language, "region": region, "font": NAME}
    data["question"] = document.question
    return data


def part_as_data(part: Part, place: int, room: Path) -> dict[str, Any]:
    """Return a part as plain data; a figure stands with the first finding that rests on it."""
    pictures = {}
    for number, picture in enumerate(part.pictures):
        file = f"figure_{place}_{number}.svg"
        shutil.copyfile(picture.svg, room / file)
        pictures[picture.name] = {"file": file, "caption": picture.caption, "alt": picture.alt}
    data = asdict(part)
    for finding, plain in zip(part.findings, data["findings"], strict=True):
        shown = part.first_with(finding.figure) is finding
        plain["picture"] = pictures.get(finding.figure) if shown and finding.figure else None
    data["unused"] = [pictures[picture.name] for picture in part.unused_pictures()]
    data.pop("pictures")
    return data
