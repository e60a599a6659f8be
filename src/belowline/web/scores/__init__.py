"""The door for programs that ask for scores the way they asked Google's Perspective.

``door`` answers, ``wire`` reads and writes the messages, ``discovery`` describes them for Google's
client libraries. Nothing of a site or a reader is reached through here.
"""
