"""Writing a figure: PNG, SVG and the table behind it, each whole or not at all, the same bytes every time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from footloose.briefing.style import PRINT_DPI
from footloose.errors import OutputError

COMPRESSION = 3
"""Level at which PNG files are compressed: beyond it they take twice as long for a tenth less."""

_settings = threading.Lock()  # the settings of SVG belong to the whole process


def save(figure: Figure, data: pd.DataFrame, folder: Path, name: str, dpi: int = PRINT_DPI) -> list[Path]:
    """Write NAME.png, NAME.svg and NAME.csv into a folder; return the three paths.

    Text in the SVG is drawn as outlines: it was measured in the package's typeface, and a machine that puts another
    in its place would let it overlap or show boxes. The words stay in the file as comments, the title as a title.
    Each is written under a temporary name in the same folder and then moved into place. The bytes depend on
    figure and data only, not on date or place.
    raises : OutputError when the folder cannot be written to
    """
    if not name or Path(name).name != name:
        raise OutputError(f"a figure cannot be called {name!r}: a plain file name is needed")
    folder = Path(folder)

    def write_svg(path: Path) -> None:
        with _settings, matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "footloose"}):
            figure.savefig(path, format="svg", metadata={"Date": None, "Title": name})

    def write_csv(path: Path) -> None:
        data.to_csv(path, index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")

    def write_png(path: Path) -> None:
        canvas = BytesIO()
        figure.savefig(canvas, format="rgba", dpi=dpi)
        width, height = (int(side * dpi) for side in figure.get_size_inches())
        dots = Image.frombytes("RGBA", (width, height), canvas.getvalue()).convert("RGB")  # no part shines through
        dots.save(path, format="png", dpi=(dpi, dpi), compress_level=COMPRESSION)

    writers: dict[str, Callable[[Path], None]] = {"png": write_png, "svg": write_svg, "csv": write_csv}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_whole(folder / f"{name}.{ending}", writer) for ending, writer in writers.items()]
    except OSError as error:
        raise OutputError(f"cannot write the figure {name!r} into {folder}: {error.strerror or error}") from error


def _whole(path: Path, writer: Callable[[Path], None]) -> Path:
    """Write under a temporary name and move into place; leave nothing behind on failure."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        writer(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path
