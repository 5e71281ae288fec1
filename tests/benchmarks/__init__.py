"""Speed, measured as ratios within one run. Outside the default test run: python -m tests.benchmarks.acks"""
