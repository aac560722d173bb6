"""Rights in force: the guard around services, the words for roles and actions, the accounts."""
