"""Rooms behind `extraction.py`: amounts, conditions over facts, and drafts of offers.

Read `conditions.py` (a passage in, criteria out) and `amounts.py`.
"""
