"""The window of Quartierslotse (Qt). Shows records and calls services; never sees a table or SQL."""
