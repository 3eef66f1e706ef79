// Maps of a unit's output over the plane: palette indices or colours, turned into pixels.

export const DOMAIN = 6; // both axes of a map go from -6 to 6

/** The palette as 256 numbers, one 32-bit pixel each. */
export function packed(palette) {
  const bytes = new Uint8ClampedArray(4 * palette.length);
  palette.forEach(([r, g, b], k) => bytes.set([r, g, b, 255], 4 * k));
  return new Uint32Array(bytes.buffer);
}

/** A map's pixels: `data` holds palette indices, or with several classes four bytes a pixel. */
export function pixels(data, count, palette) {
  if (data.length === 4 * count) return new Uint8ClampedArray(data);
  const words = new Uint32Array(count);
  for (let k = 0; k < count; k++) words[k] = palette[data[k]] ?? 0;
  return new Uint8ClampedArray(words.buffer);
}

/** From the plane to a picture of this size, and back. Row 0 is the top, where x2 is largest. */
export function toPixel(x1, x2, size) {
  return [((x1 + DOMAIN) / (2 * DOMAIN)) * size, ((DOMAIN - x2) / (2 * DOMAIN)) * size];
}

export function toPlane(px, py, size) {
  return [(px / size) * 2 * DOMAIN - DOMAIN, DOMAIN - (py / size) * 2 * DOMAIN];
}

/** Draws maps of one size by way of one small canvas. */
export class MapPainter {
  constructor(side, palette) {
    this.side = side;
    this.palette = palette;
    this.canvas = new OffscreenCanvas(side, side);
    this.pen = this.canvas.getContext("2d");
  }

  /** Draw the k-th map of `data` into a square; `bytes` per pixel: 1, or 4 with several classes. */
  paint(pen, data, k, x, y, size, bytes = 1) {
    const count = this.side * this.side;
    const one = data.subarray(k * count * bytes, (k + 1) * count * bytes);
    if (one.length < count * bytes) return;
    const image = new ImageData(pixels(one, count, this.palette), this.side, this.side);
    this.pen.putImageData(image, 0, 0);
    pen.drawImage(this.canvas, x, y, size, size);
  }
}
