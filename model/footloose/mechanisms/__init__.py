"""One file = one mechanism = one YAML key = one line of the ledger = one entry of the legend."""
