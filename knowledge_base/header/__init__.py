"""Rooms behind `documents.py`: what a document says of itself and of others, and where it applies.

Read `header.py` first (title, numbers, issuers, days), then `validity.py`, `acts.py` and `relations.py`
(repeals), `regions.py`, `identity.py` (ids).
"""
