"""How the risk register looks: pure functions from frozen values to Block Kit."""
