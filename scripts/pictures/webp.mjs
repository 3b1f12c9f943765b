// WebP files from screenshots: Chromium encodes the pictures, and this puts them into the container of an animation.
// Container: RFC 9649.

/** A page of the browser that encodes; `page` may stand anywhere. */
export async function openEncoder(page) {
  await page.goto('about:blank');
  await page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    const clear = new OffscreenCanvas(1, 1);
    const clearContext = clear.getContext('2d', { willReadFrequently: true });
    let before;
    const draw = async (png) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      return bitmap;
    };
    const toWebp = async (from, quality) => {
      const blob = await from.convertToBlob({ type: 'image/webp', quality });
      return new Uint8Array(await blob.arrayBuffer());
    };
    const toText = (bytes) => {
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    };
    const encode = async (quality) => toText(await toWebp(canvas, quality));
    /** A part without loss in which what stays is transparent: often smaller than with loss, as a screen has few colours. */
    const changes = async (part, left, top, width, was) => {
      [clear.width, clear.height] = [part.width, part.height];
      const only = new Uint32Array(part.data.slice().buffer);
      const old = was && new Uint32Array(was.buffer);
      if (old)
        for (let i = 0; i < only.length; i++) {
          const [x, y] = [i % part.width, Math.floor(i / part.width)];
          if (only[i] === old[(top + y) * width + left + x]) only[i] = 0;
        }
      clearContext.putImageData(new ImageData(new Uint8ClampedArray(only.buffer), part.width), 0, 0);
      return toWebp(clear, 1);
    };
    /** The part of a picture that differs from the one before, at even places as the format wants them. */
    const difference = (now, width, height) => {
      if (!before || before.length !== now.length) return [0, 0, width, height];
      const [a, b] = [new Uint32Array(before.buffer), new Uint32Array(now.buffer)];
      let [left, top, right, bottom] = [width, height, -1, -1];
      for (let i = 0; i < a.length; i++) {
        if (a[i] === b[i]) continue;
        const [x, y] = [i % width, Math.floor(i / width)];
        [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
      }
      if (right < 0) return null;
      [left, top] = [left & ~1, top & ~1];
      return [left, top, right + 1 - left, bottom + 1 - top];
    };
    globalThis.still = async (png) => {
      const bitmap = await draw(png);
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      context.drawImage(bitmap, 0, 0);
      return encode(1); // 1 is lossless
    };
    globalThis.frame = async (png, caption, band, quality, scale) => {
      const bitmap = await draw(png);
      const [width, screen] = [bitmap.width, bitmap.height].map((size) => Math.round(size * scale));
      const height = screen + band;
      [canvas.width, canvas.height] = [width, height];
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, width, screen);
      context.fillStyle = '#0e639c';
      context.fillRect(0, screen, width, band);
      context.fillStyle = '#ffffff';
      context.font = `600 ${Math.round(band * 0.48)}px sans-serif`;
      context.textBaseline = 'middle';
      context.fillText(caption, 18, screen + band / 2);
      const now = context.getImageData(0, 0, width, height).data;
      const was = before?.length === now.length ? before : undefined;
      const box = difference(now, width, height);
      before = now;
      if (!box) return null;
      const [left, top, w, h] = box;
      const part = context.getImageData(left, top, w, h);
      [canvas.width, canvas.height] = [w, h];
      context.putImageData(part, 0, 0);
      const parts = [await toWebp(canvas, quality), await changes(part, left, top, width, was)];
      const isBlended = parts[1].length < parts[0].length;
      return { left, top, width: w, height: h, isBlended, data: toText(parts[isBlended ? 1 : 0]) };
    };
  });
  return {
    /** A picture without loss, from a PNG. */
    still: async (png) => Buffer.from(await page.evaluate((data) => globalThis.still(data), png.toString('base64')), 'base64'),
    /** What changed since the frame before, with a line of words in a band below; null where nothing did. */
    async frame(png, caption, { band, quality, scale }) {
      const args = [png.toString('base64'), caption, band, quality, scale];
      const part = await page.evaluate((given) => globalThis.frame(...given), args);
      return part && { ...part, data: Buffer.from(part.data, 'base64') };
    },
  };
}

const chunk = (name, content) => {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
};

/** The chunk with the picture, out of a file that may say more about it. What is transparent in pictures with loss would be in a chunk of its own; there is none. */
function pictureChunk(file) {
  for (let at = 12; at + 8 <= file.length;) {
    const [name, length] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    if (name === 'VP8 ' || name === 'VP8L') return chunk(name, file.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  throw new Error('a WebP file without a picture');
}

/** One file of all frames, which are shown for `ms` each and again from the first. */
export function animation(width, height, frames) {
  const extended = Buffer.alloc(10);
  extended[0] = 0b1_0010; // animated, with transparent parts
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const control = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0]); // white ground, for ever
  const parts = frames.map(({ left, top, width: w, height: h, ms, isBlended, data }) => {
    const head = Buffer.alloc(16);
    head.writeUIntLE(left / 2, 0, 3);
    head.writeUIntLE(top / 2, 3, 3);
    head.writeUIntLE(w - 1, 6, 3);
    head.writeUIntLE(h - 1, 9, 3);
    head.writeUIntLE(ms, 12, 3);
    head[15] = isBlended ? 0 : 0b10; // over what is there or in its place, and stays
    return chunk('ANMF', Buffer.concat([head, pictureChunk(data)]));
  });
  const body = Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', extended), chunk('ANIM', control), ...parts]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
