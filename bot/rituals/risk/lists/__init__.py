"""The register as lists, over all teams, and as files."""
