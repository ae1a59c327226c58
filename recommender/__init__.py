"""Floor 1: an enterprise profile and offers in, ranked and explained matches out."""

from recommender.benefits import BenefitEstimate
from recommender.briefs import STANDING_NOTICES, Brief, BriefOffer, Line, make_brief
from recommender.eligibility import Eligibility, Verdict, assess
from recommender.facts import ProfileFacts
from recommender.gaps import Gap
from recommender.matching import ILLUSTRATIONS, Match, Reason, Recommendation, Recommender
from recommender.profiles import EnterpriseProfile, read_profile, uscc_fault
from recommender.questions import Question, ask_fact
from recommender.standards import Indicator, Standing
from recommender.values import yuan

__all__ = [
    "ILLUSTRATIONS",
    "STANDING_NOTICES",
    "BenefitEstimate",
    "Brief",
    "BriefOffer",
    "Eligibility",
    "EnterpriseProfile",
    "Gap",
    "Indicator",
    "Line",
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
    "make_brief",
    "read_profile",
    "uscc_fault",
    "yuan",
]
