"""Makes JPEG-LS streams with CharLS (libcharls.so.2) and writes what CharLS decodes them to.

jpegls.py OUT writes index.json, a list of {name, rows, columns, samples, bits, stream, decoded}, where the last two
are lengths in bytes, and the bytes one behind the other in streams.bin and decoded.bin (little-endian, by pixel).
Exits with 77 where there is no such library.
"""

import ctypes
import json
import struct
import sys
from ctypes import byref, c_int32, c_size_t, c_uint32, c_void_p
from pathlib import Path

import numpy as np

SIZES = [(1, 1), (1, 29), (29, 1), (7, 13), (33, 31)]
NEARS = [0, 1, 2, 5]
BY_PLANE, BY_LINE, BY_SAMPLE = 0, 1, 2
# MAXVAL, T1, T2, T3, RESET. From a MAXVAL below what the bits allow CharLS takes the default thresholds alone.
PRESETS = [(255, 5, 9, 40, 64), (255, 4, 4, 4, 31), (255, 10, 20, 30, 255), (255, 3, 7, 21, 3), (200, 0, 0, 0, 0)]


class FrameInfo(ctypes.Structure):
    _fields_ = [("columns", c_uint32), ("rows", c_uint32), ("bits", c_int32), ("samples", c_int32)]


class Preset(ctypes.Structure):
    _fields_ = [(name, c_int32) for name in ("maxval", "t1", "t2", "t3", "reset")]


def library():
    try:
        charls = ctypes.CDLL("libcharls.so.2")
    except OSError:
        sys.exit(77)
    charls.charls_jpegls_encoder_create.restype = c_void_p
    charls.charls_jpegls_decoder_create.restype = c_void_p
    return charls


CHARLS = library()


def call(name, *arguments):
    status = getattr(CHARLS, f"charls_jpegls_{name}")(*arguments)
    assert status == 0, f"{name}: {status}"


def encode(picture, bits, near, mode, transform=0, preset=None):
    rows, columns, samples = picture.shape
    source = np.ascontiguousarray(picture.transpose(2, 0, 1) if mode == BY_PLANE else picture)
    room = np.zeros(2 * picture.nbytes + 4096, np.uint8)
    written = c_size_t()
    encoder = c_void_p(CHARLS.charls_jpegls_encoder_create())
    call("encoder_set_frame_info", encoder, byref(FrameInfo(columns, rows, bits, samples)))
    call("encoder_set_near_lossless", encoder, near)
    call("encoder_set_interleave_mode", encoder, mode)
    call("encoder_set_color_transformation", encoder, transform)
    if preset:
        call("encoder_set_preset_coding_parameters", encoder, byref(Preset(*preset)))
    call("encoder_set_destination_buffer", encoder, c_void_p(room.ctypes.data), c_size_t(room.nbytes))
    call("encoder_encode_from_buffer", encoder, c_void_p(source.ctypes.data), c_size_t(source.nbytes), c_uint32(0))
    call("encoder_get_bytes_written", encoder, byref(written))
    CHARLS.charls_jpegls_encoder_destroy(encoder)
    return room[:written.value].tobytes()


def decode(stream, picture, mode):
    rows, columns, samples = picture.shape
    planes = mode == BY_PLANE and samples > 1
    out = np.zeros((samples, rows, columns) if planes else picture.shape, picture.dtype)
    decoder = c_void_p(CHARLS.charls_jpegls_decoder_create())
    call("decoder_set_source_buffer", decoder, stream, c_size_t(len(stream)))
    call("decoder_read_header", decoder)
    call("decoder_decode_to_buffer", decoder, c_void_p(out.ctypes.data), c_size_t(out.nbytes), c_uint32(0))
    CHARLS.charls_jpegls_decoder_destroy(decoder)
    return out.transpose(1, 2, 0) if planes else out


def parts(stream):
    """Everything before the one scan, its marker segment, its data."""
    at = stream.index(b"\xff\xda")
    data = at + 2 + struct.unpack(">H", stream[at + 2:at + 4])[0]
    return stream[:at], stream[at:data], stream[data:-2]


def restarted(picture, bits, near, mode, lines):
    """The picture in restart intervals, which CharLS does not write: strips, each coded alone, are the same."""
    strips = [picture[row:row + lines] for row in range(0, picture.shape[0], lines)]
    coded = [encode(strip, bits, near, mode) for strip in strips]
    head, scan, _ = parts(encode(picture, bits, near, mode))
    data = parts(coded[0])[2]
    for number, strip in enumerate(coded[1:]):
        data += bytes([0xFF, 0xD0 + number % 8]) + parts(strip)[2]
    stream = head + b"\xff\xdd\0\4" + struct.pack(">H", lines) + scan + data + b"\xff\xd9"
    return stream, np.concatenate([decode(one, strip, mode) for one, strip in zip(coded, strips)])


def without_preset(picture, bits):
    """As Java's image library writes more than 12 bits: its own thresholds, and no word of them.

    A smooth ramp, whose codes are all as long with either thresholds, could not be told from the standard's.
    """
    factor = 1 << (bits - 8)
    preset = ((1 << bits) - 1, factor + 2, 4 * factor + 3, 17 * factor + 4, 64)
    head, scan, data = parts(encode(picture, bits, 0, BY_PLANE, preset=preset))
    segment = head.index(b"\xff\xf8")
    return head[:segment] + head[segment + 15:] + scan + data + b"\xff\xd9"


def declared_deeper(picture, bits, deeper):
    """As the standard has it: samples of more bits than their greatest value needs, which a preset tells."""
    head, scan, data = parts(encode(picture, bits, 0, BY_PLANE))
    frame = head.index(b"\xff\xf7") + 4
    preset = b"\xff\xf8" + struct.pack(">HB5H", 13, 1, (1 << bits) - 1, 0, 0, 0, 0)
    head = head[:frame] + bytes([deeper]) + head[frame + 1:]
    return head + preset + scan + data + b"\xff\xd9"


def pictures(rng, most, size, samples):
    """Samples that use all modes of the coder: noise, a slow walk, flat ground with specks, edges, a ramp."""
    shape, kind = (*size, samples), np.uint8 if most < 256 else np.uint16
    down, across = (np.arange(n) for n in size)
    checks = np.add.outer(down // 5, across // 6)[..., None] % 2
    slope = np.add.outer(down, across)[..., None] * most // 70
    specks = rng.random(shape) < 0.07
    for name, values in [
        ("noise", rng.integers(0, most + 1, shape)),
        ("walk", np.cumsum(rng.normal(0, max(1, most / 90), shape), axis=1) + most / 2),
        ("specks", np.where(specks, rng.integers(0, most + 1, shape), most // 3)),
        ("edges", np.broadcast_to(checks * most, shape)),
        ("ramp", slope + rng.integers(-1, 2, shape)),
    ]:
        yield name, np.clip(values, 0, most).astype(kind)


def cases():
    rng = np.random.default_rng(14495)
    for bits in range(2, 17):
        most = (1 << bits) - 1
        for samples, mode in [(1, BY_PLANE), (3, BY_PLANE), (3, BY_LINE), (3, BY_SAMPLE)]:
            for size in SIZES:
                for name, picture in pictures(rng, most, size, samples):
                    for near in (near for near in NEARS if near <= most // 2):
                        stream = encode(picture, bits, near, mode)
                        decoded = decode(stream, picture, mode)
                        assert np.abs(decoded.astype(int) - picture.astype(int)).max() <= near
                        yield f"{name}, mode {mode}, near {near}", bits, stream, decoded
            if (samples, mode) != (3, BY_PLANE):
                noise = next(pictures(rng, most, (33, 9), samples))[1]
                for lines in (1, 3, 32):
                    yield f"restart after {lines} lines, mode {mode}", bits, *restarted(noise, bits, 0, mode, lines)
    for bits, transform, mode in [(b, t, m) for b in (8, 16) for t in (1, 2, 3) for m in (BY_LINE, BY_SAMPLE)]:
        for name, picture in pictures(rng, (1 << bits) - 1, (33, 31), 3):
            stream = encode(picture, bits, 0, mode, transform)
            yield f"{name}, transform {transform}, mode {mode}", bits, stream, decode(stream, picture, mode)
    for preset, near in [(preset, near) for preset in PRESETS for near in (0, 2)]:
        noisy = 5 if preset[0] == 255 else 3  # one without noise may be read in two ways, and is refused
        for name, picture in list(pictures(rng, preset[0], (33, 31), 1))[:noisy]:
            stream = encode(picture, 8, near, BY_PLANE, preset=preset)
            yield f"{name}, preset {preset}, near {near}", 8, stream, decode(stream, picture, BY_PLANE)


    for bits in range(13, 17):
        for name, picture in list(pictures(rng, (1 << bits) - 1, (33, 31), 1))[:4]:
            yield f"{name}, Java's thresholds", bits, without_preset(picture, bits), picture


    for bits, deeper in [(7, 8), (10, 12), (12, 16)]:
        for name, picture in pictures(rng, (1 << bits) - 1, (33, 31), 1):
            yield f"{name}, {bits} bits in {deeper}", deeper, declared_deeper(picture, bits, deeper), picture


def main(out):
    index = []
    with open(out / "streams.bin", "wb") as streams, open(out / "decoded.bin", "wb") as samples:
        for name, bits, stream, decoded in cases():
            rows, columns, count = decoded.shape
            raw = np.ascontiguousarray(decoded).tobytes()
            streams.write(stream)
            samples.write(raw)
            index.append({"name": name, "rows": rows, "columns": columns, "samples": count, "bits": bits,
                          "stream": len(stream), "decoded": len(raw)})
    (out / "index.json").write_text(json.dumps(index))


main(Path(sys.argv[1]))
