"""What the process imports that workers are born of: tables are read and kernels at hand, for all of them."""

from footloose.kernels import live_shortly
from footloose.scenario import load

live_shortly(load("baseline"))
