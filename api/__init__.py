"""Floor 3: the only package that knows HTTP, clock, environment and database."""
