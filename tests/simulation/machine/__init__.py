"""The bot as a process, in virtual time and in one thread."""
