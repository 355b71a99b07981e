"""PNG files: what a canvas of matplotlib holds, compressed without choosing a filter for every line.

Pillow tries five filters on each line of dots and keeps the best, which takes twice as long as all the rest; areas of
one colour become no smaller by it.

The format: Portable Network Graphics, third edition (W3C 2025), chapters 5, 9 and 11.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_AND_OPACITY = 6
NO_FILTER = 0
LEVEL = 3
"""Level of compression; the next one takes twice as long for a tenth less."""
INCH = 0.0254
"""Metres."""


def png(dots: npt.NDArray[np.uint8], dpi: float) -> bytes:
    """Return a picture as a PNG file.

    dots : (row, column, 4) red, green, blue, opacity
    dpi  : dots per inch, said in the file
    """
    height, width, parts = dots.shape
    lines = np.empty((height, 1 + width * parts), dtype=np.uint8)
    lines[:, 0] = NO_FILTER
    lines[:, 1:] = dots.reshape(height, width * parts)
    density = round(dpi / INCH)
    return b"".join(
        [
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, COLOUR_AND_OPACITY, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", density, density, 1)),
            _chunk(b"IDAT", zlib.compress(lines.data, LEVEL)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
