// Monaco with only the features the JSON editor uses. See site/monaco/editor.js for which those are.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

import { filesBelow } from './files.mjs';
import { nameOf } from './hash.mjs';
import { site } from './paths.mjs';

const monacoSources = path.join(site, 'node_modules', 'monaco-editor', 'esm', 'vs');

/** The bundle as files; built once for each version of Monaco, of esbuild and of our entry. */
export async function buildMonaco({ cache }) {
  const folder = path.join(cache, 'monaco', await fingerprint());
  const kept = await filesBelow(folder).catch(() => []);
  if (kept.some(({ name }) => name === 'complete.json')) return withoutMark(kept);

  await rm(path.dirname(folder), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const shared = {
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    entryNames: '[name]',
    assetNames: '[name]',
    outdir: folder,
    logLevel: 'warning',
  };
  await Promise.all([
    build({
      ...shared,
      entryPoints: [path.join(site, 'monaco', 'editor.js')],
      loader: { '.ttf': 'file' },
      plugins: [onlyChosenFeatures, styleNonce],
    }),
    build({
      ...shared,
      entryPoints: [
        path.join(monacoSources, 'editor', 'editor.worker.js'),
        path.join(monacoSources, 'languages', 'features', 'json', 'json.worker.js'),
      ],
    }),
  ]);
  await writeFile(path.join(folder, 'complete.json'), '{}');
  return withoutMark(await filesBelow(folder));
}

function withoutMark(files) {
  return files.filter(({ name }) => name !== 'complete.json');
}

async function fingerprint() {
  const inputs = ['package-lock.json', 'monaco/editor.js', 'build/monaco.mjs'];
  return nameOf(...(await Promise.all(inputs.map((input) => readFile(path.join(site, input))))));
}

// `internal/common/workers.js` imports every feature for its side effects, 74 of them. Without those lines
// the bundle holds what our entry imports, and is less than half as large.
const onlyChosenFeatures = {
  name: 'only-chosen-features',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]internal[\\/]common[\\/]workers\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const contents = source.replaceAll(/^import '[^']+';$/gm, '');
      if (contents === source) throw new Error('Monaco no longer imports its features in workers.js');
      return { contents, loader: 'js' };
    });
  },
};

// The Content-Security-Policy admits a <style> element only with this document's nonce.
const styleNonce = {
  name: 'style-nonce',
  setup(bundle) {
    const creators = /[\\/]base[\\/]browser[\\/](domStylesheets|ui[\\/]contextview[\\/]contextview)\.js$/;
    bundle.onLoad({ filter: creators }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const created = "const style = document.createElement('style');";
      if (!source.includes(created)) throw new Error(`Monaco creates its <style> elsewhere than in ${file}`);
      const nonce = "style.nonce = document.querySelector('script[nonce]')?.nonce ?? '';";
      return { contents: source.replace(created, `${created} ${nonce}`), loader: 'js' };
    });
  },
};
