"""How much memory can still be taken: on this machine, and in its container; and how seldom Python tidies up."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Libraries make 150,000 objects that stay; Python would look through them again and again as they come."""


def collect_seldom() -> None:
    """Let objects that hold one another lie longer before Python looks for them: a command ends soon anyway."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def free_memory() -> int:
    """Return the bytes of memory that can still be taken: the machine's, or its container's where that is less."""
    return min(free_in_machine(), free_in_container())


def free_in_container() -> int:
    """Return the bytes left to this process's control group (version 2, then 1); very many where there is no limit."""
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            numbers = [Path("/sys/fs/cgroup", name).read_text(encoding="ascii").strip() for name in (limit, used)]
        except OSError:
            continue
        if all(number.isdecimal() for number in numbers):
            return max(int(numbers[0]) - int(numbers[1]), 0)
    return sys.maxsize


def free_in_machine() -> int:
    """Return the bytes of memory the machine has left."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4 * 2**30
