"""Video and sound with something planted wherever a phone or a program may write."""

from __future__ import annotations

import io
import struct
from typing import Any

import av
import numpy as np

from tests.tips.attachments.judge import CANARY

_FRAMES = 12
_TAGS = {"title": f"{CANARY}-TITLE", "artist": f"{CANARY}-ARTIST", "comment": f"{CANARY}-COMMENT"}
_APPLE = {
    "com.apple.quicktime.make": f"{CANARY}-MAKE",
    "com.apple.quicktime.location.ISO6709": f"+10.7700+106.6900+{CANARY}/",
}


def recording(muxer: str, video: str = "", audio: str = "", **options: str) -> bytes:
    """Half a second in *muxer*, with tags on the file and on its tracks."""
    out = io.BytesIO()
    with av.open(out, "w", format=muxer, options=options) as output:
        output.metadata.update(_TAGS | (_APPLE if options else {}))
        tracks: list[Any] = []
        if video:
            tracks.append(_picture_track(output, video))
        if audio:
            tracks.append(_sound_track(output, audio))
        for track, frames in tracks:
            for frame in [*frames, None]:
                for packet in track.encode(frame):
                    output.mux(packet)
    return out.getvalue()


def _picture_track(output: Any, codec: str) -> tuple[Any, list[Any]]:
    track = output.add_stream(codec, rate=25)
    track.width, track.height = 176, 144
    track.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    track.metadata.update({"title": f"{CANARY}-TRACK", "handler_name": f"{CANARY}-HANDLER"})
    if codec == "libx265":
        track.options = {"x265-params": "log-level=none"}
    frames = []
    for number in range(_FRAMES):
        frame = av.VideoFrame.from_ndarray(np.full((144, 176, 3), number * 20, np.uint8), format="rgb24")
        frame.pts = number
        frames.append(frame)
    return track, frames


def _sound_track(output: Any, codec: str) -> tuple[Any, list[Any]]:
    rate = 8000 if "amr" in codec else 48000
    track = output.add_stream(codec, rate=rate, layout="mono")
    track.metadata.update({"title": f"{CANARY}-SOUND", "language": "vie"})
    track.codec_context.open()
    times = np.arange(rate // 2) / rate
    wave = (np.sin(2 * np.pi * 440 * times) * 8000).astype(np.int16)[None, :]
    frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
    frame.sample_rate, frame.pts = rate, 0
    size = track.codec_context.frame_size or None
    resampler = av.AudioResampler(
        format=track.codec_context.format, layout="mono", rate=rate, frame_size=size
    )
    return track, resampler.resample(frame) + resampler.resample(None)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(rotated: bool = False) -> bytes:
    """An MP4 as a phone makes it: place and name in `udta`, a maker's `uuid`, and a ZIP behind the end."""
    content = recording("mp4", "libx264", "aac")
    at = content.index(b"moov") - 4
    size = int.from_bytes(content[at : at + 4], "big")
    place = f"+10.7700+106.6900/{CANARY}-XYZ".encode()
    told = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place))
    movie = bytearray(content[at + 8 : at + size] + told)
    if rotated:
        matrix = movie.index(b"tkhd") + 4 + 4 * 5 + 8 + 4 * 2 + 4
        movie[matrix : matrix + 36] = struct.pack(
            ">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 144 << 16, 0, 1 << 30
        )
    maker = box(b"uuid", bytes(range(16)) + f"{CANARY}-UUID".encode())
    return content[:at] + box(b"moov", bytes(movie)) + maker + f"PK\x03\x04{CANARY}-TAIL".encode()


def talking_h264() -> bytes:
    """A video in which the maker wrote into the pictures' own stream, as some phones do."""
    plain = recording("mp4", "libx264")
    note = f"h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+{CANARY}-SEI"
    out = io.BytesIO()
    with av.open(io.BytesIO(plain)) as source, av.open(out, "w", format="matroska") as output:
        stream = source.streams.video[0]
        target = output.add_mux_stream("h264")
        talk = av.BitStreamFilterContext(note, stream, target)
        for packet in source.demux(stream):
            for one in talk.filter(packet if packet.size else None):
                one.stream, one.time_base = target, stream.time_base
                output.mux(one)
    return out.getvalue()


def with_subtitles() -> bytes:
    """Matroska with a track of words and an attached file beside the picture."""
    plain = recording("mp4", "libx264")
    out = io.BytesIO()
    with av.open(io.BytesIO(plain)) as source, av.open(out, "w", format="matroska") as output:
        stream = source.streams.video[0]
        target = output.add_stream_from_template(stream)
        words = output.add_mux_stream("subrip")
        output.add_attachment(f"{CANARY}-ATTACHED.txt", "text/plain", f"{CANARY}-INSIDE".encode())
        packet = av.Packet(f"{CANARY}-SUBTITLE".encode())
        packet.stream, packet.pts, packet.dts, packet.duration = words, 0, 0, 400
        packet.time_base = stream.time_base
        output.mux(packet)
        for one in source.demux(stream):
            if one.size:
                one.stream = target
                output.mux(one)
    return out.getvalue()


def vorbis() -> bytes:
    """A WebM whose sound says in its own header by whom and where it was made."""
    plain, told = io.BytesIO(), io.BytesIO()
    with av.open(plain, "w", format="webm") as output:
        picture, frames = _picture_track(output, "libvpx")
        options = {"strict": "experimental"}
        sound = output.add_stream("vorbis", rate=48000, layout="stereo", options=options)
        sound.codec_context.open(strict=False)
        for number in range(24):
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            frame.sample_rate, frame.pts = 48000, number * 1024
            frames.append(frame)
        for frame in [*frames, None]:
            for track in (picture, sound):
                if frame is None or isinstance(frame, av.AudioFrame) is (track is sound):
                    for packet in track.encode(frame):
                        output.mux(packet)
    plain.seek(0)
    with av.open(plain) as source, av.open(told, "w", format="webm") as output:
        targets = [output.add_stream_from_template(stream) for stream in source.streams]
        header = source.streams.audio[0].codec_context.extradata or b""
        identity, setup = header[3 : 3 + header[1]], header[3 + header[1] + header[2] :]
        tags = [f"{CANARY}-ENCODER".encode(), f"LOCATION={CANARY}".encode(), b"ARTIST=" + b"x" * 300]
        sized = [struct.pack("<I", len(tag)) + tag for tag in tags]
        comment = b"\x03vorbis" + sized[0] + struct.pack("<I", 2) + sized[1] + sized[2] + b"\x01"
        lacing = bytes((2, len(identity), 0xFF, len(comment) - 0xFF))
        targets[1].codec_context.extradata = lacing + identity + comment + setup
        for packet in source.demux():
            if packet.size:
                packet.stream = targets[packet.stream.index]
                output.mux(packet)
    return told.getvalue()


def wav() -> bytes:
    """LIST by FFmpeg, a broadcast chunk with its originator, and a chunk nobody knows."""
    content = recording("wav", audio="pcm_s16le")
    chunk = f"{CANARY}-BEXT".encode().ljust(602, b"\0")
    told = b"bext" + struct.pack("<I", len(chunk)) + chunk + b"note" + struct.pack("<I", 8) + CANARY.encode()
    body = content[8:] + told
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3() -> bytes:
    """ID3v2, an APE tag and ID3v1."""
    tail = b"APETAGEX" + f"{CANARY}-APE".encode() + b"TAG" + f"{CANARY}-ID3V1".encode().ljust(125, b"\0")
    return recording("mp3", audio="libmp3lame") + tail


RECORDINGS = {
    "mp4": mp4,
    "mov": lambda: recording("mov", "libx264", "aac", movflags="use_metadata_tags"),
    "hevc": lambda: recording("mp4", "libx265", "aac"),
    "av1": lambda: recording("mp4", "libsvtav1", "aac"),
    "3gp": lambda: recording("3gp", "mpeg4", "aac"),
    "mjpeg": lambda: recording("mov", "mjpeg", "pcm_s16le"),
    "webm": lambda: recording("webm", "libvpx", "libopus"),
    "vorbis": vorbis,
    "mkv": lambda: recording("matroska", "libx264", "flac"),
    "sei": talking_h264,
    "subtitles": with_subtitles,
    "mp3": mp3,
    "m4a": lambda: recording("ipod", audio="aac"),
    "aac": lambda: recording("adts", audio="aac", write_id3v2="1"),
    "opus": lambda: recording("ogg", audio="libopus"),
    "wav": wav,
    "flac": lambda: recording("flac", audio="flac") + f"{CANARY}-TAIL".encode(),
    "amr": lambda: recording("amr", audio="libopencore_amrnb") + f"{CANARY}-TAIL".encode() * 5,
}
