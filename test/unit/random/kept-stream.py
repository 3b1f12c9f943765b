"""The first numbers of stream (1, "kept"), from the definition in words: an independent check of src/engine/random."""
import hashlib
import struct

name = '["recovery-lab/philox4x32-10/1",1,"kept"]'
k0, k1, c2, c3 = struct.unpack('>4I', hashlib.sha256(name.encode()).digest()[:16])


def block(index):
    c = [index & 0xFFFFFFFF, index >> 32, c2, c3]
    k = [k0, k1]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return [((c[i] >> 5) * 2**26 + (c[i + 1] >> 6)) / 2**53 for i in (0, 2)]


print((block(0) + block(1))[:3])
