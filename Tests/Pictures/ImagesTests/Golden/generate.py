"""Writes the golden pictures: python3 generate.py, in this folder; see README.md."""
import ctypes, struct, zlib

W, H = 20, 17
RGB = [[(12 * x, 15 * y, 128) for x in range(W)] for y in range(H)]
ALPHA = [[255 - 12 * x for x in range(W)] for y in range(H)]


def png(name, depth, kind, rows, *chunks):
    def chunk(tag, body):
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, depth, kind, 0, 0, 0))
    data += b"".join(chunk(tag, body) for tag, body in chunks)
    open(name, "wb").write(data + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


png("rgb.png", 8, 2, [[v for p in row for v in p] for row in RGB])
png("grey.png", 8, 0, [[12 * x for x in range(W)] for _ in range(H)])
png("rgb16.png", 16, 2, [[b for p in row for v in p for b in (v, v)] for row in RGB])
png("rgba.png", 8, 6, [[v for p, a in zip(*rows) for v in (*p, a)] for rows in zip(RGB, ALPHA)])
png("palette.png", 8, 3, [[(x + y) % 3 for x in range(W)] for y in range(H)],
    (b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255])), (b"tRNS", bytes([255, 255, 0])))

tj = ctypes.CDLL("libturbojpeg.so.0")
tj.tjInitCompress.restype = ctypes.c_void_p
tj.tjAlloc.restype = ctypes.c_void_p
TJPF_RGB, TJPF_GRAY, TJPF_CMYK, SAMP_444, SAMP_GRAY, PROGRESSIVE = 0, 6, 11, 0, 3, 16384


def jpeg(name, values, kind, sampling, flags=0):
    handle, start, size = tj.tjInitCompress(), ctypes.c_void_p(), ctypes.c_ulong()
    assert 0 == tj.tjCompress2(ctypes.c_void_p(handle), bytes(values), W, 0, H, kind,
                               ctypes.byref(start), ctypes.byref(size), sampling, 95, flags)
    open(name, "wb").write(ctypes.string_at(start, size.value))


flat = [v for row in RGB for p in row for v in p]
jpeg("rgb.jpg", flat, TJPF_RGB, SAMP_444)
jpeg("progressive.jpg", flat, TJPF_RGB, SAMP_444, PROGRESSIVE)
jpeg("grey.jpg", [12 * x for _ in range(H) for x in range(W)], TJPF_GRAY, SAMP_GRAY)
jpeg("cmyk.jpg", [v for row in RGB for p in row for v in (*p, 255)], TJPF_CMYK, SAMP_444)

webp = ctypes.CDLL("libwebp.so.7")
for function in (webp.WebPEncodeRGB, webp.WebPEncodeLosslessRGB, webp.WebPEncodeLosslessRGBA):
    function.restype = ctypes.c_size_t


def save(name, encode, values, channels, *quality):
    start = ctypes.c_void_p()
    size = encode(bytes(values), W, H, W * channels, *quality, ctypes.byref(start))
    open(name, "wb").write(ctypes.string_at(start, size))


save("lossy.webp", webp.WebPEncodeRGB, flat, 3, ctypes.c_float(95))
save("lossless.webp", webp.WebPEncodeLosslessRGB, flat, 3)
save("alpha.webp", webp.WebPEncodeLosslessRGBA,
     [v for rows in zip(RGB, ALPHA) for p, a in zip(*rows) for v in (*p, a)], 4)
