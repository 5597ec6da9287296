"""
Video and sound: the first track of each goes into a new container that knows nothing else.

What phones and recorders write today is copied packet by packet, so a video stays as sharp as it came; what
is old, or comes as a bare stream where anything may hide between two frames, is decoded and encoded anew.
Not removed: what is seen and heard, a voice among it, and how an encoder works.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Protocol, cast

import av
from av import AudioStream, BitStreamFilterContext, Packet, VideoStream
from av.codec.context import Flags

from tips.attachments.limits import PIXELS_LIMIT, Reason
from tips.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from av.container import InputContainer, OutputContainer

# Units inside a video stream in which encoders write about themselves, and phones about the phone: H.264 and
# HEVC supplemental information, AV1 metadata and padding. They hold no picture.
_SILENCE = {
    "h264": "filter_units=remove_types=6",
    "hevc": "filter_units=remove_types=39|40",
    "av1": "filter_units=remove_types=5|15",
}
_HEVC_PARAMETERS = {32, 33, 34}  # types of unit a decoder needs in the track's header
_UNIT_START = b"\0\0\0\1"  # of Annex B
_COPIED_VIDEO = {"h264", "hevc", "av1", "vp8", "vp9"}
_COPIED_AUDIO = {"aac", "opus", "vorbis"}  # out of a container
_VORBIS_ID_BYTES = 30  # of the first of Vorbis's three headers
_NO_COMMENT = b"\x03vorbis" + bytes(8) + b"\x01"  # the second: no maker, no tags
_GOES_ON = 0xFF  # in Xiph lacing: the next byte belongs to the size too
_BARE_STREAMS = {"mp3", "amr", "aac"}  # demuxers that search their frames among other bytes
_PCM = {"pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8", "pcm_f32le", "pcm_alaw", "pcm_mulaw"}
_WEB_VIDEO, _WEB_AUDIO = {"vp8", "vp9", "av1"}, {"opus", "vorbis"}
_MP4_VIDEO, _MP4_AUDIO = {"h264", "hevc", "av1", "vp9"}, {"aac", "opus"}
_OPUS = {8_000: 16_000, 12_000: 20_000, 16_000: 24_000, 24_000: 32_000, 48_000: 48_000}  # Hz -> bits a second
_VOICE_BITS = 48_000  # a second, of AAC; both for each of at most two channels


class _Track(Protocol):
    def take(self, packet: Packet[Any]) -> Iterable[Packet[Any]]:
        """What goes into the new container for *packet*; an empty packet ends the track."""


def clean_media(content: bytes, demuxer: str) -> tuple[str, bytes]:
    """
    The first video and the first sound in *content*, in a new container: its media type and bytes.

    Args:
        content: The file.
        demuxer: FFmpeg's name for its container; nothing else is tried, playlists among them.

    Raises:
        FileRefused: Nothing can be played, or a picture of it has too many pixels.
    """
    try:
        with av.open(io.BytesIO(content), "r", format=demuxer, io_open=_nothing_else) as source:
            return _rewritten(source, demuxer)
    except (av.FFmpegError, ValueError):
        raise FileRefused(reason=Reason.BROKEN) from None


def _nothing_else(*_of_a_file: object) -> Any:
    """Some containers name other files or addresses to open. None is."""
    raise PermissionError


def _rewritten(source: InputContainer, demuxer: str) -> tuple[str, bytes]:
    video = next((stream for stream in source.streams.video if _is_played(stream)), None)
    audio = next(iter(source.streams.audio), None)
    if video is None and audio is None:
        raise FileRefused(reason=Reason.BROKEN)
    if video is not None and video.width * video.height > PIXELS_LIMIT:
        raise FileRefused(reason=Reason.TOO_MANY_PIXELS)
    video_codec = "" if video is None else _video_codec(video)
    audio_codec = "" if audio is None else _audio_codec(audio, demuxer, has_video=video is not None)
    media_type, muxer = _container(video_codec, audio_codec, prefers_mp4=demuxer == "mov")
    out = io.BytesIO()
    with av.open(out, "w", format=muxer, options={"fflags": "+bitexact"}) as output:
        tracks: dict[int, _Track] = {}
        if video is not None:
            tracks[video.index] = _video_track(video, output, video_codec)
        if audio is not None:
            tracks[audio.index] = _audio_track(audio, output, audio_codec, is_bare=demuxer in _BARE_STREAMS)
        packets: dict[int, list[Packet[Any]]] = {index: [] for index in tracks}
        for packet in source.demux([stream for stream in (video, audio) if stream is not None]):
            index = packet.stream.index
            packets[index] += tracks[index].take(packet)
        if not any(packets.values()):
            raise FileRefused(reason=Reason.BROKEN)
        for of_track in packets.values():
            _decodable(of_track)
        for packet in sorted((one for of_track in packets.values() for one in of_track), key=_decoded_at):
            output.mux(packet)
    return media_type, out.getvalue()


def _decoded_at(packet: Packet[Any]) -> float:
    """Seconds."""
    return float((packet.dts or 0) * packet.time_base)


def _is_played(stream: VideoStream) -> bool:
    """Not the cover picture of a song."""
    return not stream.disposition & av.stream.Disposition.attached_pic


def _video_codec(stream: VideoStream) -> str:
    name = stream.codec_context.name
    return _decoded_name(name) if _decoded_name(name) in _COPIED_VIDEO else "libx264"


def _audio_codec(stream: AudioStream, demuxer: str, *, has_video: bool) -> str:
    name = _decoded_name(stream.codec_context.name)
    if name == "flac" and not has_video:
        return "flac"  # encoded anew: nothing is lost, and nothing between its frames goes on
    if name in _PCM and not has_video:
        return name
    if name in _COPIED_AUDIO and demuxer not in _BARE_STREAMS:
        return name
    return "aac_new" if has_video else "libopus"


def _decoded_name(decoder: str) -> str:
    """The codec's own name; decoders of other makers are called libdav1d, libvpx-vp9, libopus."""
    return {"libdav1d": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9", "libopus": "opus"}.get(decoder, decoder)


def _container(video: str, audio: str, *, prefers_mp4: bool) -> tuple[str, str]:
    """Media type and FFmpeg's muxer for these codecs; one of them may be empty."""
    if not video:
        if audio == "aac":
            return "audio/mp4", "mp4"
        if audio in _PCM:
            return "audio/wav", "wav"
        return ("audio/flac", "flac") if audio == "flac" else ("audio/ogg", "ogg")
    fits_web = video in _WEB_VIDEO and (not audio or audio in _WEB_AUDIO)
    fits_mp4 = video in {*_MP4_VIDEO, "libx264"} and (not audio or audio in {*_MP4_AUDIO, "aac_new"})
    if fits_mp4 and (prefers_mp4 or not fits_web):
        return "video/mp4", "mp4"
    return ("video/webm", "webm") if fits_web else ("video/x-matroska", "matroska")


def _video_track(stream: VideoStream, output: OutputContainer, codec: str) -> _Track:
    if codec in _COPIED_VIDEO:
        return _Copied(stream, output, codec)
    return _EncodedVideo(stream, output)


def _audio_track(stream: AudioStream, output: OutputContainer, codec: str, *, is_bare: bool) -> _Track:
    if codec in _PCM or (codec in _COPIED_AUDIO and not is_bare):
        return _Copied(stream, output, codec)
    return _EncodedAudio(stream, output, {"aac_new": "aac"}.get(codec, codec))


class _Copied:
    """Packets as they came, without the units that talk and without what was tied to them."""

    def __init__(self, source: VideoStream | AudioStream, output: OutputContainer, codec: str) -> None:
        muxer = output.format.name
        # The template holds what a player needs: codec, size, rotation; titles and languages stay behind.
        self._stream = output.add_stream_from_template(source, opaque=True)
        self._time_base = source.time_base
        self._filter = BitStreamFilterContext(_SILENCE[codec], source) if codec in _SILENCE else None
        if codec in {"h264", "hevc"}:
            # The filter hands out packets in Annex B; the muxer packs them again if the header is in it, too.
            header = source.codec_context.extradata or b""
            units = _h264_parameters(header) if codec == "h264" else _hevc_parameters(header)
            self._stream.codec_context.extradata = b"".join(_UNIT_START + unit for unit in units)
        if codec == "vorbis":
            self._stream.codec_context.extradata = _vorbis_header(source.codec_context.extradata or b"")
        if codec == "hevc" and muxer == "mp4":
            self._stream.codec_context.codec_tag = "hvc1"  # what Apple's players ask for

    def take(self, packet: Packet[Any]) -> Iterable[Packet[Any]]:
        is_end = not packet.size  # the filter empties the packet it takes
        filtered = self._filter.filter(None if is_end else packet) if self._filter else [packet]
        return [self._fresh(one) for one in filtered if one.size and one.pts is not None]

    def _fresh(self, packet: Packet[Any]) -> Packet[Any]:
        """Bytes and times only: side data, such as Matroska's additions to a block, stays behind."""
        fresh: Packet[Any] = Packet(bytes(packet))
        fresh.pts, fresh.dts = packet.pts, packet.dts
        fresh.duration = packet.duration or 0
        fresh.is_keyframe = packet.is_keyframe
        fresh.time_base = cast("Fraction", self._time_base)
        fresh.stream = self._stream
        return fresh


def _h264_parameters(header: bytes) -> list[bytes]:
    """The parameter sets in a track's header (avcC, ISO/IEC 14496-15 §5.3.3), and nothing else of it."""
    units, at = [], 5
    for mask in (0x1F, 0xFF):  # sequence, then picture parameter sets
        count, at = _number(header, at, 1) & mask, at + 1
        for _ in range(count):
            units.append(_unit(header, at))
            at += 2 + len(units[-1])
    return units


def _hevc_parameters(header: bytes) -> list[bytes]:
    """The parameter sets in a track's header (hvcC, §8.3.3). Encoders and phones sign in its other units."""
    units, at = [], 23
    for _ in range(_number(header, 22, 1)):
        is_kept = _number(header, at, 1) & 0x3F in _HEVC_PARAMETERS
        count, at = _number(header, at + 1, 2), at + 3
        for _ in range(count):
            unit = _unit(header, at)
            at += 2 + len(unit)
            units += [unit] if is_kept else []
    return units


def _vorbis_header(header: bytes) -> bytes:
    """A track's three headers (Xiph lacing, or two bytes before each) with an empty comment in the middle."""
    sizes, at = [], 1
    if _number(header, 0, 2) == _VORBIS_ID_BYTES:
        sizes, at = [_VORBIS_ID_BYTES, _number(header, 2 + _VORBIS_ID_BYTES, 2)], 2
        first, third = at, at + sizes[0] + 2 + sizes[1] + 2
    else:
        for _ in range(2):
            size = 0
            while (part := _number(header, at, 1)) == _GOES_ON:
                size, at = size + part, at + 1
            sizes.append(size + part)
            at += 1
        first, third = at, at + sum(sizes)
    identity, setup = header[first : first + sizes[0]], header[third:]
    is_known = len(identity) == _VORBIS_ID_BYTES and identity.startswith(b"\x01vorbis")
    if not is_known or not setup.startswith(b"\x05vorbis"):
        raise FileRefused(reason=Reason.BROKEN)
    return bytes((2, len(identity), len(_NO_COMMENT))) + identity + _NO_COMMENT + setup


def _unit(header: bytes, at: int) -> bytes:
    size = _number(header, at, 2)
    unit = header[at + 2 : at + 2 + size]
    if not size or len(unit) < size:
        raise FileRefused(reason=Reason.BROKEN)
    return unit


def _number(header: bytes, at: int, size: int) -> int:
    if at + size > len(header):
        raise FileRefused(reason=Reason.BROKEN)
    return int.from_bytes(header[at : at + size], "big")


def _decodable(packets: list[Packet[Any]]) -> None:
    """Gives a track's packets times of decoding that rise. Matroska has none; they follow from the shown."""
    if any(packet.dts is None for packet in packets):
        shown = sorted(packet.pts or 0 for packet in packets)
        delay = max(time - (packet.pts or 0) for time, packet in zip(shown, packets, strict=True))
        for time, packet in zip(shown, packets, strict=True):
            packet.dts = time - delay
    last: int | None = None
    for packet in packets:
        packet.dts = packet.dts or 0
        if last is not None and packet.dts <= last:
            packet.dts = last + 1
        packet.pts = max(packet.pts or 0, packet.dts)
        last = packet.dts


class _EncodedVideo:
    """Old codecs (H.263, MPEG-4, Motion JPEG): decoded, and encoded as H.264."""

    def __init__(self, source: VideoStream, output: OutputContainer) -> None:
        self._source = source
        rate = source.average_rate or source.guessed_rate or 25
        stream = output.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "21"})
        stream.width, stream.height = source.width // 2 * 2, source.height // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = cast("Fraction", source.time_base)
        stream.codec_context.flags |= Flags.bitexact
        self._stream = stream
        self._talk: BitStreamFilterContext | None = None

    def take(self, packet: Packet[Any]) -> Iterable[Packet[Any]]:
        for frame in _decoded(self._source, packet):
            picture = cast("av.VideoFrame", frame)
            plain = picture.reformat(self._stream.width, self._stream.height, "yuv420p")
            plain.pts, plain.time_base = picture.pts, cast("Fraction", picture.time_base)
            yield from self._silent(self._stream.encode(plain))
        if not packet.size:
            yield from self._silent(self._stream.encode(None))

    def _silent(self, packets: list[Packet[Any]]) -> Iterable[Packet[Any]]:
        """Without the line in which x264 lists its settings."""
        for packet in packets:
            if self._talk is None:
                self._talk = BitStreamFilterContext("filter_units=remove_types=6", self._stream)
            time_base = packet.time_base
            for one in self._talk.filter(packet):
                one.time_base, one.stream = time_base, self._stream
                yield one


class _EncodedAudio:
    """Bare streams and old codecs (MP3, AMR, ADTS): decoded and encoded; FLAC too, which loses nothing."""

    def __init__(self, source: AudioStream, output: OutputContainer, codec: str) -> None:
        self._source = source
        context = source.codec_context
        layout = "mono" if context.channels == 1 else "stereo"
        rate, bits = context.sample_rate, _VOICE_BITS
        if codec == "libopus":
            rate = next((known for known in _OPUS if known >= context.sample_rate), max(_OPUS))
            bits = _OPUS[rate]
        # Half the time of the default, and a voice sounds the same.
        options = {"compression_level": "4"} if codec == "libopus" else {}
        stream = output.add_stream(codec, rate=rate, options=options, layout=layout)
        self._stream = cast("AudioStream", stream)
        if codec == "flac":
            self._stream.codec_context.format = context.format
        else:
            self._stream.bit_rate = bits * (1 if layout == "mono" else 2)
        self._stream.codec_context.flags |= Flags.bitexact
        self._resampler: av.AudioResampler | None = None

    def take(self, packet: Packet[Any]) -> Iterable[Packet[Any]]:
        for frame in _decoded(self._source, packet):
            for piece in self._ready().resample(cast("av.AudioFrame", frame)):
                yield from self._stream.encode(piece)
        if not packet.size:
            if self._resampler is not None:
                for piece in self._resampler.resample(None):
                    yield from self._stream.encode(piece)
            yield from self._stream.encode(None)

    def _ready(self) -> av.AudioResampler:
        if self._resampler is None:
            context = self._stream.codec_context
            context.open(strict=False)
            self._resampler = av.AudioResampler(
                format=context.format,
                layout=context.layout,
                rate=context.sample_rate,
                frame_size=context.frame_size or None,
            )
        return self._resampler


def _decoded(stream: VideoStream | AudioStream, packet: Packet[Any]) -> list[Any]:
    """Frames of *packet*; none for one that cannot be read, such as bytes that only look like a frame."""
    try:
        return list(stream.codec_context.decode(packet if packet.size else None))
    except av.FFmpegError:
        return []
