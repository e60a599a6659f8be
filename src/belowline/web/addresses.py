"""Every address of Belowline in one table, for whoever looks through them all."""

from __future__ import annotations

from belowline.web.desk_routes import DESK_ROUTES
from belowline.web.law_routes import LAW_ROUTES
from belowline.web.routes import READER_ROUTES

SELDOM_ROUTES = (*LAW_ROUTES, *DESK_ROUTES)
ROUTES = (*READER_ROUTES, *SELDOM_ROUTES)
