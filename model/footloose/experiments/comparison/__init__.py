"""The comparison: what a policy did, firm by firm, against a twin world that differs in the policy alone.

worlds       what is compared: scenario files, or finished runs lived again; the twin worlds of a draw of parameters
histories    a run lived through with the footprint of every firm in every year
twin_ledger  every firm in one class: moved because of the policy, would have anyway, elsewhere, earlier, later, held
accounts     what the ledger says of a subsidy (deadweight, cost per additional job) and of a tariff (diverted,
deterred) differences  every variable, paired, with chance and parameters apart; replication: as many runs as the
question needs attribution  several instruments at once: exact 2^k decomposition, Shapley values, interactions reversal
what stays when a policy goes; credibility: what a belief is worth; inverse: the smallest lever that will do wording
what one scenario changes against another, in words content      direct and value-added shares of China, rerouting
apart from relocation; views: what it means for one host
"""
