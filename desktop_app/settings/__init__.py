"""What this office is and has chosen: its name, carrier, social spaces, topics and preferences."""
