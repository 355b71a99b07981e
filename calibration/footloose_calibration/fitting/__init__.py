"""The fit: simulated moments with an emulator, history matching in waves, a posterior, and an ensemble of real runs.

problem     what is fitted: scenario, priors, targets, measures; and how much is computed
discrepancy how far a measure may lie from its target: implausibility and likelihood
runs        real runs at points of the space of parameters, by the workers and in the store of sweeps
emulator    what replaces the model between the runs, with its error
posterior   what the targets say about the parameters: search and chain
waves       runs, emulator and posterior, again and again where the posterior lies
ensemble    draws confirmed by real runs; the table that is shipped
diagnosis   what the targets pin, and what not
recovery    the same procedure on data that the model itself made
"""
