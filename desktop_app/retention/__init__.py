"""How long what is kept, what is due to go, and how it goes so that nothing of it is left."""
