"""What the engine costs: peers side by side, shares of a run, the machine's limit, scaling. `python -m benchmarks`."""
