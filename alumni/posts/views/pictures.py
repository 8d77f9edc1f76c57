"""The files of pictures, for those who read the post."""

from flask import Response, request

from alumni.core import pictures, storage
from alumni.core.errors import NotFound
from alumni.core.tokens import is_key
from alumni.posts import actions, queries
from alumni.posts.views.groups import bp
from alumni.web.gate import get_or_404, me


@bp.get("/posts/pictures/<name>/<size>")
def picture(name: str, size: str) -> Response:
    """In one of its sizes. Another picture has another name, so this one never changes."""
    if not is_key(name, pictures.NAME_LETTERS) or size not in map(str, actions.SIZES):
        raise NotFound
    get_or_404(queries.pictures_open_to(me(), name))
    response = Response(mimetype=pictures.MEDIA_TYPE)
    response.set_etag(f"{name}-{size}")
    response.headers["Cache-Control"] = "private, max-age=604800, immutable"
    if request.if_none_match.contains(f"{name}-{size}"):
        response.status_code = 304
        return response
    file = storage.files().read(actions.file_of(name, int(size)))
    if file is None:
        raise NotFound
    response.set_data(file)
    return response
