// style/main.css through Tailwind: only the classes that the Rust sources name.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { compile, optimize } from '@tailwindcss/node';
import { Scanner } from '@tailwindcss/oxide';

import { site, workspace } from './paths.mjs';

export async function buildStyle({ minify }) {
  const file = path.join(workspace, 'style', 'main.css');
  const compiler = await compile(await readFile(file, 'utf8'), {
    base: path.dirname(file),
    from: file,
    onDependency: () => {},
    customCssResolver: async (id) => packagedStyle(id),
    customJsResolver: async (id) => (isBare(id) ? fileURLToPath(import.meta.resolve(id)) : undefined),
  });
  const scanner = new Scanner({ sources: compiler.sources });
  const css = compiler.build(scanner.scan());
  return minify ? optimize(css, { minify: true }).code : css;
}

// The style sheet lies outside of site/, where a bare import would find no packages.
function packagedStyle(id) {
  if (!isBare(id)) return undefined;
  const [name, ...rest] = id.split('/');
  return path.join(site, 'node_modules', name, rest.length > 0 ? `${rest.join('/').replace(/\.css$/, '')}.css` : 'index.css');
}

function isBare(id) {
  return !id.startsWith('.') && !path.isAbsolute(id);
}
