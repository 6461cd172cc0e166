"""How retros look: frozen values in, Block Kit out."""
