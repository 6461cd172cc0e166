"""`python -m bot` is `meridian`."""

from bot.cli import main

if __name__ == "__main__":
    main()
