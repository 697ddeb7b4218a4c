// Reads QR codes: by the browser itself where it can, otherwise by a reader that is fetched from this site when the first
// picture or the camera asks for it. Pictures stay in this browser.
import { Unreachable } from "./client.js";

// A code is found in a small picture faster and as well; one that is small in a large photo needs the large one.
const SIDES = [700, 1400, 2800];
const FORMAT = "qr_code";

export class CodeReader {
  // `address` of the reader for browsers without one; undefined if this site has none.
  constructor(address) {
    this.address = address;
    this.native = null;
    this.decode = null;
  }

  // Whether codes can be read here at all.
  async isAble() {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
    if (formats.includes(FORMAT)) this.native = new globalThis.BarcodeDetector({ formats: [FORMAT] });
    return this.native !== null || this.address !== undefined;
  }

  async prepare() {
    if (this.native !== null || this.decode !== null) return;
    if (this.address === undefined) throw new Unreachable("scan.unable");
    const reader = await import(this.address).catch(() => null);
    if (reader === null) throw new Unreachable("scan.unloaded");
    this.decode = reader.decodeQR;
  }

  // The text of the code in a file; null if there is none.
  async ofFile(file) {
    await this.prepare();
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap === null) throw new Unreachable("scan.no_picture");
    const largest = Math.max(bitmap.width, bitmap.height);
    for (const side of [...SIDES.filter((one) => one < largest), Math.min(largest, SIDES.at(-1))]) {
      const text = await this.read(bitmap, bitmap.width, bitmap.height, side);
      if (text !== null) return text;
    }
    return null;
  }

  // The text of the code that a running video shows; null if there is none.
  ofVideo(video) {
    return this.read(video, video.videoWidth, video.videoHeight, SIDES[0]);
  }

  async read(source, width, height, side) {
    if (width === 0 || height === 0) return null;
    const shrunk = Math.min(1, side / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * shrunk));
    canvas.height = Math.max(1, Math.round(height * shrunk));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    // What is see-through in a picture is white on paper.
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    if (this.native !== null) {
      const found = await this.native.detect(canvas).catch(() => []);
      return found[0]?.rawValue ?? null;
    }
    try {
      return this.decode(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // The reader throws where it finds nothing.
      return null;
    }
  }
}
