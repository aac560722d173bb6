"""The running program: the way in, the open window, the lock, the change of the person, the end."""
