"""What the engine costs: peers side by side, shares of a run, the machine's limit, scaling. `python -m benchmarks`."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "reference")]  # where the plain agents and the plain loop are
