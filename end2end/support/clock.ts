// A server's clock that a test turns: by libfaketime, so that the program is the one that is shipped.

import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Clock {
  /** Configures the server to go by it. */
  environment: NodeJS.ProcessEnv;
  /** Has it go so many days ahead of the machine's. */
  ahead(days: number): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's folder for libraries has the machine's name in it. */
function library(): string {
  for (const folder of readdirSync('/usr/lib')) {
    try {
      const path = join('/usr/lib', folder, 'faketime');
      const found = readdirSync(path).find((name) => name === 'libfaketime.so.1');
      if (found) return join(path, found);
    } catch {
      // Not this one.
    }
  }
  throw new Error('libfaketime is missing; on Debian: apt-get install faketime');
}

export async function startClock(): Promise<Clock> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-clock-'));
  const file = join(folder, 'offset');
  await writeFile(file, '+0d\n');
  return {
    environment: {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // How long something takes is as it was.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    ahead: (days) => writeFile(file, `+${days}d\n`),
    stop: () => rm(folder, { recursive: true }),
  };
}
