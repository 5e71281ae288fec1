"""Digests through kills and a Slack that fails: per subscription and slot exactly one, or whoever set it is told.

    python -m tests.benchmarks.digests [--database sqlite|postgresql] [--workspaces 200] [--rounds 20] [--seed 0]

    slack       takes posts and gives histories; drops after receipt, is limited, breaks, delivers late
    process     one process of the engine, which dies at random between any two steps
    measure     several of them on one database, killed from outside as well, and what came of each slot

Everything is judged by what Slack has in the end. The engine, the store and slack_sdk are the real ones; its lease and
its pauses are seconds, and each round is a week later on the processes' clock.
"""
