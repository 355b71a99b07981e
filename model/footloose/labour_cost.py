"""The cost of labour where it is little substituted: shared by the plants (labour) and by their suppliers (inputs)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def bridged_productivity(measured: Floats, technology: float) -> Floats:
    """Return the log productivity of plants that bring part of the frontier's technology along; (site,).

    measured   : (site,) log value added per worker of the site's average plant
    technology : share of the log gap to the best site that is bridged
    """
    return np.asarray(measured + technology * (measured.max() - measured))


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
