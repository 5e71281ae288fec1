"""Records as Block Kit. Pure: the adapters and the Slack entrypoints use it alike."""
