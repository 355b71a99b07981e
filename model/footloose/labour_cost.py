"""The cost of labour where it is little substituted: shared by the plants (labour) and by their suppliers (inputs)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from footloose.geography import Geography

Floats = npt.NDArray[np.float64]


def bridged_productivity(measured: Floats, technology: float) -> Floats:
    """Return the log productivity of plants that bring part of the frontier's technology along; (site,).

    measured   : (site,) log value added per worker of the site's average plant
    technology : share of the log gap to the best site that is bridged
    """
    return np.asarray(measured + technology * (measured.max() - measured))


def reference_labour_cost(geography: Geography, log_unit_cost: Floats) -> Floats:
    """Return the mean log unit labour cost of the places where the sector table measures labour shares; (2,).

    log_unit_cost : (site,) log of wage over productivity in the base year; the places are the United States and China
    """
    places = [list(geography.sites_in(name)) for name in ("united_states", "china")]
    return np.array([log_unit_cost[place].mean() for place in places])


def relative_labour_cost(log_unit_cost: Floats, log_reference: Floats, substitution: float) -> Floats:
    """Return ((u / u_reference)^(1 - sigma) - 1) / (1 - sigma); (site,).

    Times the labour share at the reference this is the labour part of unit cost, to first order of a CES function
    (Arrow, Chenery, Minhas and Solow 1961); its slope in log u is the local labour share.

    log_unit_cost : (site,) log of wage over productivity
    log_reference : (reference,) the same where labour shares were measured; their mean share is the reference
    substitution  : sigma, elasticity of substitution between labour and the other inputs, below 1
    """
    power = 1.0 - substitution
    reference = np.exp(power * log_reference).mean()
    return np.asarray((np.exp(power * log_unit_cost) / reference - 1.0) / power)
