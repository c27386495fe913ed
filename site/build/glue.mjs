// What `cargo xtask` made of the WebAssembly: the modules, the script that loads them, and which of them a part is.

import { transform } from 'esbuild';

import { filesBelow } from './files.mjs';

const PARTS = 'parts.json';

/** The files as {name, content}, and the file names of each part. */
export async function readGlue(folder, { minify }) {
  const files = await filesBelow(folder);
  const parts = JSON.parse(files.find(({ name }) => name === PARTS).content);
  const served = files.filter(({ name }) => name !== PARTS);
  return {
    files: minify ? await Promise.all(served.map(minified)) : served,
    parts: Object.fromEntries(Object.entries(parts).map(([part, stems]) => [part, stems.map((stem) => `${stem}.wasm`)])),
  };
}

async function minified(file) {
  if (!file.name.endsWith('.js')) return file;
  const { code } = await transform(file.content, { minify: true, format: 'esm', target: 'es2022' });
  return { ...file, content: Buffer.from(code) };
}
