"""Alerts that monitors send: taken, counted, matched with a risk, and decided."""
