import { statSync } from 'node:fs';

/** One line a group: what lies in the pack, and what a browser fetches of it. */
export function report(assets, file) {
  const groups = new Map();
  for (const { address, name, content, br } of assets) {
    const group = /\.(wasm|css)$/.test(name) || address.startsWith('/pkg/') ? name : address.split('/')[1];
    const sum = groups.get(group) ?? { files: 0, raw: 0, br: 0 };
    sum.files += 1;
    sum.raw += content.length;
    sum.br += (br ?? content).length;
    groups.set(group, sum);
  }
  for (const [group, { files, raw, br }] of groups) {
    console.log(`${group.padEnd(20)} ${String(files).padStart(3)} files ${kilobytes(raw)} KB, brotli ${kilobytes(br)} KB`);
  }
  console.log(`${'site.pack'.padEnd(29)}  ${kilobytes(statSync(file).size)} KB`);
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1).padStart(8);
}
