"""National standards as dated data beside one engine that evaluates them."""

from recommender.standards.evaluation import (
    Indicator,
    SizeStandard,
    Standing,
    TechSmeStandard,
    load_size_standard,
    load_tech_sme_standard,
)

__all__ = [
    "Indicator",
    "SizeStandard",
    "Standing",
    "TechSmeStandard",
    "load_size_standard",
    "load_tech_sme_standard",
]
