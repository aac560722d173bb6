"""Who may open the data: key slots, passwords, the recovery key, accounts."""
