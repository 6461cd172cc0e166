"""The REST API, as far as a bot needs it."""
