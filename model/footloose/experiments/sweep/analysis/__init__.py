"""Analysis of sweeps: tables of runs in, tables of findings out; nothing here draws or writes."""
