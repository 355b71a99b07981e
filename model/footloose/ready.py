"""What the process imports that workers are born of: tables are read and kernels at hand, for all of them."""

from footloose.scenario import load
from footloose.simulation import simulate
from footloose.world import BASE_YEAR

simulate(load("baseline"), firms=64, replicates=1, years=(BASE_YEAR, BASE_YEAR + 1))
