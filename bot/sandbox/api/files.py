"""files.*: the three steps of an upload (ask, send, complete)."""

from aiohttp import web

from bot.sandbox.api.args import Args, bad
from bot.sandbox.api.chat import target
from bot.sandbox.api.registry import method
from bot.sandbox.errors import SlackError
from bot.sandbox.shapes import MIME_TYPES, file_json
from bot.sandbox.site import Site
from bot.sandbox.world import BOT_USER_ID, File, Json, new_id


@method("files.getUploadURLExternal", scope="files:write", tier=4)
def get_upload_url(site: Site, args: Args) -> Json:
    name, length = args.text("filename"), args.text("length")
    if not length.isdecimal() or int(length) == 0:
        raise bad("length must be a number above 0")
    file = File(new_id("F"), name, int(length), created=site.world.seconds())
    site.world.files[file.id] = file
    return {"upload_url": f"{site.url}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", scope="files:write", tier=4)
def complete_upload(site: Site, args: Args) -> Json:
    wanted = args.data("files")
    if not isinstance(wanted, list) or not wanted:
        raise SlackError("invalid_arguments")
    files = [_received(site, each) for each in wanted]
    channel_id = args.maybe("channel_id")
    channel = target(site, channel_id) if channel_id else None
    for file, each in zip(files, wanted, strict=True):
        file.title = each.get("title") or file.name
        file.completed = True
    if channel is not None:
        for file in files:
            file.channels.append(channel.id)
        site.feed.post(
            channel,
            BOT_USER_ID,
            args.text("initial_comment", ""),
            thread_ts=args.maybe("thread_ts"),
            files=[file.id for file in files],
        )
    site.changes.bump()
    return {"files": [file_json(site.world, file) for file in files]}


def _received(site: Site, wanted: Json) -> File:
    file = site.world.files.get(str(wanted.get("id")))
    if file is None or not file.received:
        raise SlackError("file_not_found")
    return file


async def receive(site: Site, request: web.Request) -> web.Response:
    """The upload itself, raw or as the first part of a form."""
    if request.content_type.startswith("multipart/"):
        part = await (await request.multipart()).next()
        content = bytes(await part.read()) if part is not None and hasattr(part, "read") else b""
    else:
        content = await request.read()
    status, said = take(site, request.match_info["file"], content)
    return web.Response(status=status, text=said)


def take(site: Site, file_id: str, content: bytes) -> tuple[int, str]:
    """Take in the content of a file; HTTP's status, and what is said to it."""
    file = site.world.files.get(file_id)
    if file is None or file.received:
        return 404, "no such upload"
    if len(content) != file.size:
        return 400, f"{len(content)} bytes came, {file.size} were named"
    file.content, file.received = content, True
    site.log.add("in", "upload", file.name, "200", f"{file.size} bytes")
    return 200, f"OK - {file.size}"


def serve(site: Site, request: web.Request) -> web.Response:
    """The file's content, for the page."""
    file = site.world.files.get(request.match_info["file"])
    if file is None or not file.completed:
        return web.Response(status=404, text="no such file")
    kind = MIME_TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
    # Uploaded content must not run as a page of this origin, which the control API trusts.
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=file.content, content_type=kind, headers=headers)
