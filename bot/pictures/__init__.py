"""Pictures of figures. matplotlib is imported in a child process alone, which ends with each."""
