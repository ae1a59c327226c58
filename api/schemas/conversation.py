"""A conversation: one message in, a cited answer out, and what a reader thought of it."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.corpus import Citation
from api.schemas.fields import ON, Body, Day, Said, Text
from api.schemas.matching import Match, Question
from bot import AnswerStatus


class ChatBody(Body):
    """One message of a conversation."""

    session_id: Text | None = Field(default=None, max_length=64, description="不填则新开会话")
    message: Said = Field(description="要问的话", examples=["买先用后转保险,政府补多少?"])
    profile: dict[str, Any] | None = Field(default=None, description="企业画像,可不填")
    on: Day = ON


class Answer(BaseModel):
    """A cited answer."""

    status: AnswerStatus
    answer: str
    citations: list[Citation]
    question: Question | None
    matches: list[Match]
    notices: list[str]
    mode: Literal["extractive", "generated"]


class ChatAnswer(Answer):
    """A cited answer as one turn of a conversation."""

    session_id: str
    turn_id: str
    as_of: date


class ConversationTurn(BaseModel):
    """A question with its answer."""

    message: str
    answer: ChatAnswer


class Conversation(BaseModel):
    """A conversation with the profile facts learnt so far."""

    session_id: str
    profile: dict[str, Any]
    turns: list[ConversationTurn]


class FeedbackBody(Body):
    """What a reader thought of an answer."""

    verdict: Literal["helpful", "wrong", "wrong_source"] = Field(description="评价")
    note: Text = Field(default="", description="补充说明")


class FeedbackAnswer(BaseModel):
    """The feedback was kept."""

    id: str
