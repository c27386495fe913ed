// Gives every file its address. An address carries a hash of the content, so it may be cached for ever.

import path from 'node:path';

import { filesBelow } from './files.mjs';
import { nameOf } from './hash.mjs';
import { workspace } from './paths.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export async function hashedAssets({ glue, style, monaco }) {
  const pkgAssets = sharingOneHash('/pkg', glue.files);
  const monacoAssets = sharingOneHash('/monaco', monaco);
  const sheet = withOwnHash({ name: 'main.css', content: Buffer.from(style) });
  const publicAssets = (await filesBelow(path.join(workspace, 'public'))).map(withOwnHash);

  const entry = {
    js: addressOf(pkgAssets, 'tenantry.js'),
    wasm: addressOf(pkgAssets, 'tenantry_bg.wasm'),
    css: sheet.address,
    monaco: addressOf(monacoAssets, 'editor.js'),
    monaco_css: addressOf(monacoAssets, 'editor.css'),
    favicon: addressOf(publicAssets, 'favicon.svg'),
    parts: Object.fromEntries(
      Object.entries(glue.parts).map(([part, names]) => [part, names.map((name) => addressOf(pkgAssets, name))]),
    ),
  };
  return { assets: [...pkgAssets, ...monacoAssets, sheet, ...publicAssets], entry };
}

// Files that name one another keep their names and share a hash over all of them.
function sharingOneHash(prefix, files) {
  const hash = nameOf(...files.flatMap(({ name, content }) => [name, content]));
  return files.map(({ name, content }) => asset(`${prefix}/${hash}/${name}`, name, content));
}

function withOwnHash({ name, content }) {
  return asset(`/assets/${nameOf(content)}/${name}`, name, content);
}

function asset(address, name, content) {
  const type = TYPES[path.extname(name)];
  if (!type) throw new Error(`no media type is known for ${name}: add it to site/build/assets.mjs`);
  return { address, name, type, content, etag: `"${nameOf(content)}"` };
}

function addressOf(assets, name) {
  const found = assets.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`${name} is missing from the site`);
  return found.address;
}
