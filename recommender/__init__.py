"""Floor 1: an enterprise profile and offers in, ranked and explained matches out."""

from recommender.benefits import BenefitEstimate
from recommender.eligibility import Eligibility, Verdict, assess
from recommender.facts import ProfileFacts
from recommender.gaps import Gap
from recommender.matching import Match, Reason, Recommendation, Recommender
from recommender.profiles import EnterpriseProfile, read_profile, uscc_fault
from recommender.questions import Question, ask_fact
from recommender.standards import Indicator, Standing
from recommender.values import yuan

__all__ = [
    "BenefitEstimate",
    "Eligibility",
    "EnterpriseProfile",
    "Gap",
    "Indicator",
    "Match",
    "ProfileFacts",
    "Question",
    "Reason",
    "Recommendation",
    "Recommender",
    "Standing",
    "Verdict",
    "ask_fact",
    "assess",
    "read_profile",
    "uscc_fault",
    "yuan",
]
