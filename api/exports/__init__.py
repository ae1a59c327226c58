"""Documents for people, rendered from what the recommender made as plain data."""
