// Pictures to send: PNG files, made as they are needed.

import { crc32, deflateSync } from 'node:zlib';

type Colour = [red: number, green: number, blue: number];

export const red: Colour = [220, 20, 20];
export const blue: Colour = [20, 20, 220];

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** A PNG whose left half has one colour, and its right half another. */
export function halves(width: number, height: number, left: Colour = red, right: Colour = blue): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits each of red, green and blue.
  head.set([8, 2], 8);
  const line = [0, ...Array.from({ length: width }, (_, x) => (x < width / 2 ? left : right)).flat()];
  const lines = Buffer.concat(Array.from({ length: height }, () => Buffer.from(line)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

/** As a file that somebody chooses. */
export function file(buffer: Buffer, name = 'picture.png', mimeType = 'image/png') {
  return { name, mimeType, buffer };
}
