"""Scoring a text on this machine: how likely people find it toxic, insulting or threatening.

``features`` takes a text apart, ``linear`` weighs the parts with a trained ``model``, ``languages``
says whose model may judge it. Nothing here decides anything; ``screens`` says what a score means.
"""
