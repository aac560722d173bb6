"""Visitor files (Personenakte) with recorded consents, and anonymous visit cards (Besuchskarte)."""
