"""``python -m belowline.cli``: the same command where no script is installed."""

from belowline.cli import main

main()
