import { createHash } from 'node:crypto';

/** A hexadecimal name for content: the same parts in the same order give the same name. */
export function nameOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    // The length keeps ("ab", "c") apart from ("a", "bc").
    hash.update(`${part.length}:`).update(part);
  }
  return hash.digest('hex').slice(0, 16);
}
