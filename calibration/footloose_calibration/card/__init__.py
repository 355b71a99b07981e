"""The report card: every target beside the model, by written rules; tables first, the page and figures from them.

verdicts    : the rule, goals, distances
members     : the runs of the ensemble's members, measured
tables      : what is kept: `card.csv`, `card_members.csv`, `card.json`
parameters  : prior against ensemble, and what moves with what the targets do not pin
foundations : hashes of what a card rests on, and what has changed since
page        : the page `calibration/README.md`, rendered from the tables alone
pictures    : the figure, in English and Chinese
"""
