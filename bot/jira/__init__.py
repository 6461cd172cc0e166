"""Everything that knows Jira; no ritual, no SQL."""
