"""What Slack sends us. Each listener acknowledges, then hands over to the jobs pool."""
