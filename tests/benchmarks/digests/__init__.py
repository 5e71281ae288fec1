"""Digests and alerts through kills and a Slack that fails: each exactly once, or whoever set it is told.

    python -m tests.benchmarks.digests [--database sqlite|postgresql] [--workspaces 200] [--rounds 20] [--seed 0]

    slack       takes posts and gives histories; drops after receipt, is limited, breaks, delivers late
    process     one process of the engine, its clock minutes off, which dies at random between any two steps
    measure     several of them on one database, killed from outside as well, and what came of each

Everything is judged by what Slack has in the end. The engine, the store and slack_sdk are the real ones; its lease and
its pauses are seconds, and each round is a week later on the processes' clock.
"""
