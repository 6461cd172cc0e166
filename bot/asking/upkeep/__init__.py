"""Setting rituals up, changing them, and ending them: what every kind shares."""
