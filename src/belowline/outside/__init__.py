"""Adapters to the world outside: mail, identity, classifier, webhooks; each with a Null twin."""
