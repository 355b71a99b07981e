"""Experiments: many runs of the model that together answer one question."""
