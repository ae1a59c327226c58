"""The contract's shapes as they travel: JSON bodies in, JSON answers out, with descriptions.

One module a subject; callers write `schemas.MatchesBody`.
"""

from api.schemas.conversation import (
    ChatAnswer,
    ChatBody,
    Conversation,
    ConversationTurn,
    FeedbackAnswer,
    FeedbackBody,
)
from api.schemas.corpus import (
    Change,
    Citation,
    Clause,
    Document,
    DocumentHead,
    DocumentName,
    DocumentsAnswer,
    Evidence,
    SearchAnswer,
    SearchBody,
)
from api.schemas.fields import Day, read_day
from api.schemas.matching import (
    Benefit,
    Eligibility,
    Gap,
    Match,
    MatchesAnswer,
    MatchesBody,
    Question,
    Reason,
    StandardsAnswer,
    StandardsBody,
    Standing,
    Verdict,
)
from api.schemas.offers import Criterion, Offer, OfferHead, OffersAnswer
from api.schemas.service import (
    ErrorAnswer,
    Health,
    IngestAnswer,
    IngestedDocument,
    Readiness,
    RefusedFile,
)

__all__ = [
    "Benefit",
    "Change",
    "ChatAnswer",
    "ChatBody",
    "Citation",
    "Clause",
    "Conversation",
    "ConversationTurn",
    "Criterion",
    "Day",
    "Document",
    "DocumentHead",
    "DocumentName",
    "DocumentsAnswer",
    "Eligibility",
    "ErrorAnswer",
    "Evidence",
    "FeedbackAnswer",
    "FeedbackBody",
    "Gap",
    "Health",
    "IngestAnswer",
    "IngestedDocument",
    "Match",
    "MatchesAnswer",
    "MatchesBody",
    "Offer",
    "OfferHead",
    "OffersAnswer",
    "Question",
    "Readiness",
    "Reason",
    "RefusedFile",
    "SearchAnswer",
    "SearchBody",
    "StandardsAnswer",
    "StandardsBody",
    "Standing",
    "Verdict",
    "read_day",
]
