"""Slack's payloads, bent: each is answered in time, takes effect whole or not at all, and is no
fault of ours."""
