"""Floor 2: a session and an utterance in, a cited answer out."""

from bot.composing import Answer, AnswerStatus
from bot.pipeline import Bot
from bot.sessions import Session, Turn

__all__ = ["Answer", "AnswerStatus", "Bot", "Session", "Turn"]
