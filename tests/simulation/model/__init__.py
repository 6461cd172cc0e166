"""What should come of it all: the simulation's own view of people and of the calendar."""
