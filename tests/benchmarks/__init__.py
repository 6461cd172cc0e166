"""How fast, each against a reference of the same run. `make bench`; none fails for being slow."""
