"""The library of shipped scenarios, measured: what each does against its twin, and the page that says so.

asked      which scenario is held against which world, in which family and year: a table, families.csv
outcomes   the numbers that are given of every scenario
measuring  the runs, paired by common random numbers, and the intervals of their differences
page       docs/library.md, and whether it still speaks of the scenarios there are
"""
