"""The bot killed for real while a crowd answers it. `make kill-test`."""
