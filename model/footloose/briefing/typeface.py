"""The typeface of every figure: shipped with the package, so that no machine shows boxes or another layout.

Footloose Sans SC is a subset of Noto Sans CJK SC: all of GB 2312, Latin, Greek and the signs figures use. What it
lacks is looked for in DejaVu Sans, which comes with matplotlib. Fonts of the machine are never used. How the files
were made, and their licence, is in the folder `fonts`.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.font_manager import fontManager

FOLDER = Path(__file__).parent / "fonts"
"""Where the font files lie; documents may embed them."""
NAME = "Footloose Sans SC"
FAMILIES = (NAME, "DejaVu Sans")
"""Font families, first choice first; the same in every language."""
FILES = {weight: FOLDER / f"FootlooseSansSC-{face}.otf" for weight, face in (("normal", "Regular"), ("bold", "Bold"))}
"""Font file by weight."""


def register() -> None:
    """Make the typeface known to matplotlib; done once, when this module is first imported."""
    for path in FILES.values():
        fontManager.addfont(path)


register()
