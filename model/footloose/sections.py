"""The parameters of the parts that every run has: the population, the decisions, the projects, the orders."""

from __future__ import annotations

from footloose.block import Block, parameter


class Population(Block):
    """Who the firms are: how their sizes and attributes are spread."""

    mean_size_usd_million: float = parameter(
        40,
        unit="USD million of yearly output",
        low=0.1,
        high=10_000,
        source="about 160 jobs a case in the Reshoring Initiative library at 2.5-4 jobs per USD million",
        certainty="C",
    )
    """Mean yearly output of one production programme."""

    size_spread: float = parameter(
        1.4,
        unit="1",
        low=0.0,
        high=3.0,
        source="log-normal spread of plant sizes, US Census establishments",
        certainty="C",
    )
    """Standard deviation of the logarithm of programme size."""

    labour_intensity_spread: float = parameter(
        0.35,
        unit="1",
        low=0.0,
        high=2.0,
        source="spread of plant labour shares within industries",
        certainty="C",
    )
    """Standard deviation of the logarithm of a firm's labour intensity (mean 1)."""

    risk_aversion_spread: float = parameter(
        0.5, unit="1", low=0.0, high=2.0, source="unverified; range 0.2-0.8", certainty="C"
    )
    """Standard deviation of the logarithm of a firm's risk aversion (mean 1)."""

    time_sensitivity_spread: float = parameter(
        0.5, unit="1", low=0.0, high=2.0, source="Hummels and Schaur (2013): 0.6-2.1 % a day across goods"
    )
    """Standard deviation of the logarithm of a firm's sensitivity to time in transit (mean 1)."""

    buyer_control: float = parameter(
        0.4,
        unit="1",
        low=0.0,
        high=0.9,
        source="related parties carry about a quarter of US imports from China; buyer-driven chains, Gereffi (1994)",
        certainty="C",
    )
    """Share of the output of local owners at low-wage sites that brands and retailers of the market decide about."""

    sunk_cost_spread: float = parameter(
        0.6,
        unit="1",
        low=0.0,
        high=2.0,
        source="Das, Roberts and Tybout (2007): entry costs differ widely",
        certainty="C",
    )
    """Standard deviation of the logarithm of a firm's sunk cost (mean 1)."""


class Decisions(Block):
    """The slow margin: when a firm looks at its footprint and what makes it change."""

    elasticity_scale: float = parameter(
        0.8,
        unit="1",
        low=0.0,
        high=3.0,
        source="multiplies the sector table; 0.8 gives -0.7 after one, -2.2 after eight years (Boehm et al.)",
    )
    """Scales theta, the response of plant location to delivered cost, in all sectors."""

    nest_dissimilarity: float = parameter(
        0.4, unit="1", low=0.1, high=1.0, source="McFadden (1978); 0.4-0.8 in location studies", certainty="C"
    )
    """Dissimilarity of sites within a supply region; 1 is the plain logit, nearer 0 closer substitutes."""

    review_hazard: float = parameter(
        0.15,
        unit="chance per year",
        low=0.0,
        high=1.0,
        source="investment cycles of 5-10 years",
        certainty="C",
    )
    """Chance a year that a firm reviews its footprint when nothing has changed."""

    attention: float = parameter(
        3.0,
        unit="1 per log point",
        low=0.0,
        high=20.0,
        source="large shocks are noticed sooner; rational inattention",
        certainty="C",
    )
    """Rise of the review hazard with the cost change suffered since the last review."""

    expansion: float = parameter(
        0.5,
        unit="1 per log point",
        low=0.0,
        high=20.0,
        source="new capacity for a growing market is when location is chosen afresh; order of magnitude",
        certainty="C",
    )
    """Rise of the review hazard with the growth of the market's demand in the sector."""

    sunk_cost: float = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="Roberts and Tybout; set so that reshored jobs of 2010-16 have the right order of magnitude",
        certainty="C",
    )
    """Sunk cost of moving a plant of average capital intensity, as log odds against a change."""

    region_border: float = parameter(
        0.3,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="home is a weaker substitute than a third country (CEPR DP17409: 43 % lower); size set with sunk_cost",
        certainty="C",
    )
    """Extra sunk cost of a move between supply regions, or across the border of the market it serves, either way."""

    rooted: float = parameter(
        2.0,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="plants of rich sites make differentiated goods (Rauch 1999); document 004: jobs come from Asia first",
        certainty="C",
    )
    """Further extra sunk cost of a move between two rich sites of different countries, either way."""

    sunk_cost_capital: float = parameter(
        0.5,
        unit="1",
        low=0.0,
        high=2.0,
        source="share of the sunk cost that is equipment and buildings",
        certainty="C",
    )
    """Elasticity of the sunk cost with respect to the sector's capital per output."""

    young_plant: float = parameter(
        1.5,
        unit="log odds",
        low=0.0,
        high=10.0,
        source="Roberts and Tybout: capital and know-how not yet written off",
        certainty="C",
    )
    """Extra sunk cost of a plant that has just opened."""

    plant_life: float = parameter(10, unit="years", low=1, high=50, source="service life of equipment, BEA")
    """Years over which the extra sunk cost of a new plant is written off."""

    uncertainty: float = parameter(
        0.3,
        unit="1 per log point",
        low=0.0,
        high=20.0,
        source="Handley and Limao (2017): uncertainty delays entry; order of magnitude",
        certainty="C",
    )
    """Rise of the sunk cost with the uncertain part of policy costs (value of waiting)."""

    noticeable: float = parameter(
        0.005,
        unit="log points",
        low=0.0,
        high=0.2,
        source="a cost change below half a percent of unit cost is not what firms name as a reason; range 0.002-0.03",
        certainty="C",
    )
    """Smallest change of a ledger line that counts as the reason of a project; below it, it is turnover."""

    second_site_share: float = parameter(
        0.12,
        unit="1",
        low=0.0,
        high=1.0,
        source="about a tenth of programmes with two sites in 2010; range 0.05-0.25",
        certainty="C",
    )
    """Programmes with a second site per programme with one, in the base year."""

    second_site_ease: float = parameter(
        0.2,
        unit="1",
        low=0.0,
        high=1.0,
        source="adding a site is easier than moving one, but costs scale",
        certainty="C",
    )
    """Odds of adding a second site relative to moving, before any cost change."""

    hedging: float = parameter(
        2.0,
        unit="1 per log point",
        low=0.0,
        high=20.0,
        source="Freund et al. (2023): China plus one within products",
        certainty="C",
    )
    """Rise of the odds of a second site with uncertain policy costs and risk at the present site."""


class Projects(Block):
    """From announcement to jobs."""

    delay_hazard: float = parameter(
        0.12,
        unit="chance per year",
        low=0.0,
        high=1.0,
        source="document 004: close to two fifths of large projects late; the rest is smaller",
        certainty="C",
    )
    """Chance a year that a project under construction is delayed by a year."""

    cancel_hazard: float = parameter(
        0.03,
        unit="chance per year",
        low=0.0,
        high=1.0,
        source="announced plants never built: 5-10 %",
        certainty="C",
    )
    """Chance a year that a project under construction is cancelled."""

    size_effect: float = parameter(
        0.25,
        unit="1",
        low=0.0,
        high=2.0,
        source="document 004: large projects stall more often",
        certainty="C",
    )
    """Rise of both hazards with the logarithm of project size over the mean."""

    uncertainty_effect: float = parameter(
        4.0, unit="1 per log point", low=0.0, high=50.0, source="Handley and Limao (2017)", certainty="C"
    )
    """Rise of both hazards with uncertain policy costs and with dependence on support at the new site."""

    hiring_years: float = parameter(
        2.0,
        unit="years",
        low=0.0,
        high=10.0,
        source="document 004: people are hired about two years after the announcement",
    )
    """Years over which the jobs of a project are filled once it has been announced and built."""


class Orders(Block):
    """The fast margin: who buys from whom this year, footprints given."""

    elasticity: float = parameter(
        0.76,
        unit="1",
        low=0.0,
        high=5.0,
        source="Boehm, Levchenko and Pandalai-Nayar (2023): -0.76 after one year",
        certainty="B",
    )
    """Elasticity of a market's orders between suppliers with respect to delivered cost within the year."""

    home_elasticity: float = parameter(
        0.43,
        unit="1",
        low=0.0,
        high=5.0,
        source="CEPR DP17409: substitution of home for imports 43 % lower than between foreign varieties",
        certainty="B",
    )
    """Elasticity within the year between a market's own producers and its imports as a whole."""

    split_elasticity: float = parameter(
        3.0,
        unit="1",
        low=0.0,
        high=20.0,
        source="between the two sites of one firm; Fajgelbaum et al. (2020) 2.53 across origins",
        certainty="B",
    )
    """Elasticity of a two-site firm's split with respect to the cost difference of its sites."""

    spare_capacity: float = parameter(
        0.15,
        unit="share of output",
        low=0.0,
        high=1.0,
        source="manufacturers use 75-80 % of capacity (Federal Reserve G.17), some of the rest can be used; 0.05-0.25",
        certainty="C",
    )
    """What plants can make on top when other plants fail, of their own output."""

    total_elasticity: float = parameter(
        0.3,
        unit="1",
        low=0.0,
        high=5.0,
        source="Fajgelbaum et al. (2020): imports against all goods",
        certainty="C",
    )
    """Fall of a market's total purchases with the average duty buyers have to pay."""
