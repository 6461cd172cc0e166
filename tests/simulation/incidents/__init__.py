"""What goes wrong in a run, as chance has it."""
