"""How action items look: frozen values in, Block Kit out."""
