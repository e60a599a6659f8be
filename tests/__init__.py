"""The tests, in the same tree as ``src/belowline``; ``house/`` holds the house rules as tests."""
