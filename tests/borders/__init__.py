"""What comes from outside, bent: nothing of it may hang, half take effect, or be our fault."""
