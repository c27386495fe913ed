// Brotli and gzip at their strongest, once per content: results are kept in the cache folder.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import { nameOf } from './hash.mjs';

const ENCODINGS = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gzip: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

// Already compressed by their own format.
const INCOMPRESSIBLE = /^(image\/(png|jpeg|webp)|font\/woff2)/;

/** Adds `br` and `gzip` to every asset; null where they would not be smaller. */
export async function compressAll(assets, cache) {
  const folder = path.join(cache, 'compressed');
  await mkdir(folder, { recursive: true });
  // Node runs these on its own threads: all at once is as many as there are cores.
  return Promise.all(
    assets.map(async (asset) => {
      if (INCOMPRESSIBLE.test(asset.type)) return { ...asset, br: null, gzip: null };
      const [br, gz] = await Promise.all([
        encoded('br', asset.content, folder),
        encoded('gzip', asset.content, folder),
      ]);
      return { ...asset, br, gzip: gz };
    }),
  );
}

async function encoded(encoding, content, folder) {
  const file = path.join(folder, `${nameOf(content)}.${encoding}`);
  const kept = await readFile(file).catch(() => null);
  const bytes = kept ?? (await ENCODINGS[encoding](content));
  if (!kept) {
    // Renamed into place, so that an interrupted build leaves no half a file behind.
    await writeFile(`${file}.${process.pid}`, bytes);
    await rename(`${file}.${process.pid}`, file);
  }
  return bytes.length < content.length ? bytes : null;
}
