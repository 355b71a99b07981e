"""The same bytes for the same document: Office files are archives that otherwise carry the time of writing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MADE = datetime(2026, 8, 1)
"""Date in the properties of a file: the vintage of the data, not the day of writing."""
OLDEST = (1980, 1, 1, 0, 0, 0)


def written_steadily(save: Callable[[Any], object], file: Path) -> None:
    """Save an Office file and write it with the same time stamp for every member; members keep their order.

    save   : writes the archive into a stream
    raises : OSError
    """
    drafted, written = BytesIO(), BytesIO()
    save(drafted)
    with ZipFile(drafted) as before, ZipFile(written, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            member = ZipInfo(name, OLDEST)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            after.writestr(member, before.read(name))
    file.write_bytes(written.getvalue())
