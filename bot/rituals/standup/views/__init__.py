"""How a stand-up looks: pure functions from frozen values to Block Kit."""
