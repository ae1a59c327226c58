"""Rooms behind `clauses.py`: numbering, paragraphs, parts of a document, and what points where.

Read `numbering.py` (the families of official writing), then `outline.py` (nesting) and `references.py`.
"""
