"""The real bot as a process of its own, between a Slack and a Salesforce that fail on demand: what is lost of what it
acknowledged, and what is done or said twice.

    python -m tests.benchmarks.faults [scenario …] [--database sqlite|postgresql]

    scenarios/      what is done to the bot, one function each; ``scenarios.ALL`` names them
    rig             one bot with everything around it: starts and kills it, sends, waits, reads its log
    slack, line     the built-in workspace with troubles switched on by rule, and Socket Mode's far end
    databases       SQLite and PostgreSQL, and what goes wrong with them; relay stands before PostgreSQL
    shim            the machine's own faults, under the process: no room, no writes, no threads, another clock
    tally           what became of everything that was sent

Everything is judged from outside: by what people see in Slack, by ``app.py audit`` and by the log.
"""
