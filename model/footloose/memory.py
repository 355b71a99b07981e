"""How much memory can still be taken: on this machine, and in its container."""

from __future__ import annotations

import os
import sys
from pathlib import Path


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
