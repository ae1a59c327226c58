"""Rooms behind `statements.py`: words of force, parties bound, parties who gain."""
