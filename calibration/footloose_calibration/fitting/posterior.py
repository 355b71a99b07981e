"""What the targets say about the parameters: the best point, and a chain of draws.

log posterior = log prior + sum over fitted targets of weight x log t(implausibility), on the emulator. The best point
is looked for by differential evolution (Storn and Price 1997); draws come from emcee (Foreman-Mackey et al. 2013)
with moves by differential evolution (ter Braak and Vrugt 2008), which suit many correlated parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.stats import qmc

from footloose_calibration.fitting.discrepancy import Yardstick
from footloose_calibration.fitting.emulator import Emulator
from footloose_calibration.fitting.problem import Sizes
from footloose_calibration.priors import Priors

Floats = npt.NDArray[np.float64]
START = 12
"""Base-two logarithm of how many points of the prior the chain's starting places are chosen from."""


@dataclass(frozen=True)
class Posterior:
    """The posterior on the emulator.

    fitted : positions of the targets of the yardstick among all
    """

    priors: Priors
    yardstick: Yardstick
    emulator: Emulator
    fitted: Sequence[int]

    def log_density(self, positions: Floats) -> Floats:
        """Return the log posterior but for a constant; (point,)."""
        prior = self.priors.log_density(positions)
        inside = np.isfinite(prior)
        found = np.full(len(positions), -np.inf)
        if inside.any():
            measures = self.emulator.predict(positions[inside], self.fitted)
            variance = self.emulator.variance[list(self.fitted)]
            found[inside] = prior[inside] + self.yardstick.log_likelihood(measures, variance)
        return found


@dataclass(frozen=True)
class Chain:
    """Draws of the posterior.

    positions    : (draw, parameter), in the order they were made, all walkers of a step together
    log_density  : (draw,)
    acceptance   : share of proposals accepted
    correlation  : integrated autocorrelation time in steps, the longest of all parameters
    effective    : draws that independent ones would be worth
    """

    positions: Floats
    log_density: Floats
    acceptance: float
    correlation: float
    effective: float

    def sample(self, count: int) -> Floats:
        """Return draws evenly spread over the chain; (count, parameter)."""
        places = np.linspace(0, len(self.positions) - 1, min(count, len(self.positions))).round().astype(np.int64)
        return np.asarray(self.positions[places])


def search(posterior: Posterior, sizes: Sizes, seed: int) -> Floats:
    """Return the position of the highest posterior; (parameter,)."""
    parameters = len(posterior.priors)

    def cost(columns: Floats) -> Floats:
        """Return minus the log posterior of points given as columns."""
        return np.asarray(-posterior.log_density(np.atleast_2d(columns.T)))

    found = optimize.differential_evolution(
        cost,
        [(0.0, 1.0)] * parameters,
        maxiter=sizes.search,
        popsize=max(5, 60 // parameters),
        tol=1e-6,
        rng=np.random.default_rng(seed),
        polish=False,
        vectorized=True,
        updating="deferred",
    )
    return np.asarray(np.clip(found.x, 0.0, 1.0))


def draw_chain(posterior: Posterior, sizes: Sizes, seed: int, best: Floats) -> Chain:
    """Return draws of the posterior.

    Walkers start at points of the prior, drawn in proportion to the posterior's own tempered density there, and near
    the best point.
    """
    import emcee

    parameters = len(posterior.priors)
    walkers = max(sizes.walkers, 2 * parameters + 2)
    walkers += walkers % 2
    starts = starting_places(posterior, walkers, seed, best)
    moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, parameters, posterior.log_density, vectorize=True, moves=moves)
    state = emcee.State(starts, random_state=np.random.MT19937(seed).state)
    sampler.run_mcmc(state, sizes.steps, progress=False)
    times = sampler.get_autocorr_time(discard=sizes.burn, quiet=True, tol=0)
    correlation = float(np.max(np.where(np.isfinite(times), times, float(sizes.steps))))
    kept = sampler.get_chain(discard=sizes.burn)
    return Chain(
        positions=kept.reshape(-1, parameters),
        log_density=sampler.get_log_prob(discard=sizes.burn).reshape(-1),
        acceptance=float(np.mean(sampler.acceptance_fraction)),
        correlation=correlation,
        effective=float(kept.shape[0] * walkers / max(correlation, 1.0)),
    )


def starting_places(posterior: Posterior, walkers: int, seed: int, best: Floats) -> Floats:
    """Return places for the walkers: half near the best point, half where the tempered posterior is high."""
    generator = np.random.default_rng(seed)
    parameters = len(posterior.priors)
    shares = qmc.Sobol(parameters, rng=generator).random_base2(START)
    candidates = posterior.priors.draw(np.clip(shares, 1e-9, 1.0 - 1e-9))
    heights = posterior.log_density(candidates)
    order = np.argsort(-heights, kind="stable")[: walkers - walkers // 2]
    near = np.clip(best + 0.02 * generator.standard_normal((walkers // 2, parameters)), 1e-6, 1.0 - 1e-6)
    return np.vstack([candidates[order], near])
