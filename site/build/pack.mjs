// One file with the whole site. `server/src/site` reads it, from disk or from inside the binary:
//
//   "TNTYSITE1\n"  u64 little-endian: length of the header  header (JSON)  blobs
//
// Ranges in the header are [offset, length], counted from the first blob.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MAGIC = 'TNTYSITE1\n';

export async function writePack(file, assets, entry) {
  const blobs = [];
  let end = 0;
  const store = (bytes) => {
    if (!bytes) return null;
    const range = [end, bytes.length];
    blobs.push(bytes);
    end += bytes.length;
    return range;
  };

  const header = { assets: {}, entry };
  for (const { address, type, etag, content, br, gzip } of assets) {
    header.assets[address] = { type, etag, identity: store(content), br: store(br), gzip: store(gzip) };
  }
  const headerBytes = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerBytes.length));

  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, Buffer.concat([Buffer.from(MAGIC), length, headerBytes, ...blobs]));
  await rename(`${file}.new`, file);
}
