"""Where the bot meets Slack, both ways, and what goes wrong there."""
