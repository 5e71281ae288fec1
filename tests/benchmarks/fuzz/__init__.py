"""Every parser that takes text from outside, fed with what nobody meant it for.

    python -m tests.benchmarks.fuzz [target …] [--seconds 600] [--seed N]

``tests/whole_bot/test_fuzz.py`` does the same for seconds. A case is made from the target's name, the seed and its
number alone, so whatever is found comes again. It is found when something else is raised than an error of ours, a
page or the door answers 5xx, the log holds a traceback, or one text takes longer than it may.
"""
