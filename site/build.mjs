// Builds what the browser loads and packs it into one file.
//
//   node site/build.mjs --pkg DIR --out FILE --cache DIR [--fast]
//
// --pkg    what wasm-split and wasm-bindgen wrote: tenantry.js, the WebAssembly and its parts, snippets/, parts.json
// --fast   for `cargo xtask dev`: nothing minified, nothing compressed

import { parseArgs } from 'node:util';

import { hashedAssets } from './build/assets.mjs';
import { compressAll } from './build/compress.mjs';
import { readGlue } from './build/glue.mjs';
import { buildMonaco } from './build/monaco.mjs';
import { writePack } from './build/pack.mjs';
import { buildStyle } from './build/style.mjs';
import { report } from './build/report.mjs';

const { values: options } = parseArgs({
  options: {
    pkg: { type: 'string' },
    out: { type: 'string' },
    cache: { type: 'string' },
    fast: { type: 'boolean', default: false },
  },
});
for (const name of ['pkg', 'out', 'cache']) {
  if (!options[name]) throw new Error(`--${name} is missing`);
}

const [glue, style, monaco] = await Promise.all([
  readGlue(options.pkg, { minify: !options.fast }),
  buildStyle({ minify: !options.fast }),
  buildMonaco({ cache: options.cache }),
]);
const { assets, entry } = await hashedAssets({ glue, style, monaco });
const encoded = options.fast
  ? assets.map((asset) => ({ ...asset, br: null, gzip: null }))
  : await compressAll(assets, options.cache);
await writePack(options.out, encoded, entry);
report(encoded, options.out);
