"""Evidence for footloose: targets, priors and the fit of the model to what has been observed.

It stands above the model and imports it; the model never imports it.
"""

__version__ = "0.1.0"
