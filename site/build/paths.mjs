import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const site = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const workspace = path.resolve(site, '..');
