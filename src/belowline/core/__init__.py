"""Words, errors, settings and the few pure tools that everything else is built on."""
