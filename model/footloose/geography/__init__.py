"""Where goods are made and sold: the axes, the sector traits and the base year 2010."""

from footloose.geography.base_year import BaseYear, load_base_year
from footloose.geography.margins import Misfit
from footloose.geography.world_map import Geography, load_geography

__all__ = ["BaseYear", "Geography", "Misfit", "load_base_year", "load_geography"]
