"""The way in over HTTP: routes, who is asking, and how answers and refusals look."""
