"""Experiments: many runs with one question. Each room is one kind of question."""
