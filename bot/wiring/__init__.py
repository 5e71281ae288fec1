"""The only package that knows every other: it builds what ``app.py`` was asked for, and nothing else."""
