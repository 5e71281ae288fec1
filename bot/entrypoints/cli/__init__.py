"""The terminal's face: the command line of ``app.py``."""
