"""The encrypted database: opening, migrating, reading, and the one way to write."""
