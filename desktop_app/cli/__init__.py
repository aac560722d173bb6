"""The command line tool: a small frame and one module per command."""
