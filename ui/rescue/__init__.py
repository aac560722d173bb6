"""The way back when the database is damaged: the newest good backup, or what can still be read."""
