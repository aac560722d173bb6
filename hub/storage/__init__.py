"""Where the hub keeps its records: PostgreSQL, or SQLite for one small office."""
