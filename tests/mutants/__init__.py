"""Mutation testing: each small change to a module must make one of its tests fail."""
