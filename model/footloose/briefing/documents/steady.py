"""The same bytes for the same document: Office files are archives that otherwise carry the time of writing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MADE = datetime(2026, 8, 1)
"""Date in the properties of a file: the vintage of the data, not the day of writing."""
OLDEST = (1980, 1, 1, 0, 0, 0)
PROPERTIES = "docProps/core.xml"
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def written_steadily(save: Callable[[Any], object], file: Path) -> None:
    """Save an Office file and write it with the same time stamps always; members keep their order.

    save   : writes the archive into a stream
    raises : OSError
    """
    drafted = BytesIO()
    save(drafted)
    file.write_bytes(without_times(drafted.getvalue()))


def without_times(archive: bytes) -> bytes:
    """Return an Office file without the time it was written, in it and in the workbooks of its charts."""
    written = BytesIO()
    with ZipFile(BytesIO(archive)) as before, ZipFile(written, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith(".xlsx"):
                content = without_times(content)
            elif name == PROPERTIES:
                content = STAMP.sub(MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            member = ZipInfo(name, OLDEST)
            member.compress_type, member.external_attr = ZIP_DEFLATED, 0o600 << 16
            after.writestr(member, content)
    return written.getvalue()
