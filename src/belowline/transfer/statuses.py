"""How a comment stands here that stood there in some way."""

from __future__ import annotations

from belowline.core.terms import CommentStatus
from belowline.transfer.codes import ImportStatus

STATUS = {
    ImportStatus.PUBLISHED: CommentStatus.PUBLISHED,
    ImportStatus.HELD: CommentStatus.HELD,
    ImportStatus.HIDDEN: CommentStatus.WITHDRAWN,
    ImportStatus.DELETED: CommentStatus.WITHDRAWN,
    ImportStatus.REMOVED: CommentStatus.REMOVED,
}
