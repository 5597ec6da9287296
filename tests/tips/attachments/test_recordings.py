from __future__ import annotations

import contextlib
import io

import av
import pytest

from tests.tips.attachments import recordings
from tips.attachments.media import clean_media
from tips.attachments.sniff import sniff
from tips.attachments.worker import answer


def _cleaned(content):
    return clean_media(content, sniff(content).format)


def _played(content):
    """Frames of each kind that can be decoded; samples for sound."""
    counts = {"video": 0, "audio": 0}
    with av.open(io.BytesIO(content)) as source:
        for packet in source.demux([*source.streams.video, *source.streams.audio]):
            with contextlib.suppress(av.FFmpegError):  # bytes that only look like a frame
                counts[packet.stream.type] += sum(getattr(frame, "samples", 1) for frame in packet.decode())
    return counts


@pytest.mark.parametrize("kind", recordings.RECORDINGS)
def test_every_recording_still_plays_as_long(kind):
    content = recordings.RECORDINGS[kind]()
    before = _played(content)
    _, cleaned = _cleaned(content)
    after = _played(cleaned)

    assert after["video"] == before["video"]
    assert bool(after["audio"]) == bool(before["audio"])
    with av.open(io.BytesIO(content)) as old, av.open(io.BytesIO(cleaned)) as new:
        assert new.duration == pytest.approx(old.duration, abs=150_000)  # microseconds
        assert len(new.streams) == bool(before["video"]) + bool(before["audio"])


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_copied_video_is_as_sharp_as_it_came(codec):
    content = recordings.recording("mp4", codec)
    _, cleaned = _cleaned(content)

    with av.open(io.BytesIO(content)) as old, av.open(io.BytesIO(cleaned)) as new:
        pictures = [(one.pts, one.to_ndarray().tobytes()) for one in old.decode(video=0)]
        assert [(one.pts, one.to_ndarray().tobytes()) for one in new.decode(video=0)] == pictures


def test_matroska_without_times_of_decoding_plays_in_order_as_mp4():
    content = recordings.recording("matroska", "libx264", "libopus")

    kind, cleaned = _cleaned(content)

    assert kind == "video/mp4"
    with av.open(io.BytesIO(cleaned)) as source:
        shown = [frame.pts for frame in source.decode(video=0)]
    assert shown == sorted(shown)


def test_a_video_held_upright_stays_upright():
    content = recordings.mp4(rotated=True)

    with av.open(io.BytesIO(_cleaned(content)[1])) as source:
        assert next(source.decode(video=0)).rotation == -90


def test_a_cover_picture_of_a_song_is_not_a_video():
    song = recordings.recording("ipod", audio="aac")
    out = io.BytesIO()
    with av.open(io.BytesIO(song)) as source, av.open(out, "w", format="matroska") as output:
        stream = source.streams.audio[0]
        target = output.add_stream_from_template(stream)
        output.add_attachment("cover.jpg", "image/jpeg", b"\xff\xd8\xff")
        for packet in source.demux(stream):
            if packet.size:
                packet.stream = target
                output.mux(packet)

    assert _cleaned(out.getvalue())[0] == "audio/mp4"


def test_a_recording_without_a_single_packet_is_broken():
    content = recordings.recording("mp4", "libx264")
    at = content.index(b"stsz") + 4 + 4 + 4  # the count of samples
    assert answer(content[:at] + b"\0\0\0\0" + content[at + 4 :])[1] == "broken"


def test_a_list_of_addresses_to_play_is_not_a_recording():
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/secret\n"

    kind, reason, _ = answer(playlist)

    assert (kind, reason) in {("text/plain", ""), ("", "unknown_kind")}


def test_a_container_is_read_as_what_it_is_only():
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"

    with pytest.raises(Exception, match="file_refused"):
        clean_media(playlist, "mov")
