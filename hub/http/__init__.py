"""HTTP: routes, bodies, answers, limits. No decision about records or rights is made here."""
