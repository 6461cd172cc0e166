"""Looking again at risks: each by its owner when its score says so, and the worst by the team."""
