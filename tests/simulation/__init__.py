"""The whole bot in virtual time, with trouble at every border, by chance that can be repeated."""
