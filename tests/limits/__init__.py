"""Every view, with texts and lists at Slack's limits, held against the sandbox's strict ones."""
