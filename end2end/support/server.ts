// A Tenantry of its own for each worker, or for a single test: a process on a fresh database, of the engine that ENGINE
// names.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env.TENANTRY_BIN ?? join(root, 'target/debug/tenantry');
const site = process.env.TENANTRY_SITE_FILE ?? join(root, 'target/site.pack');

/** How long a start or a stop may take. */
const patience = 20_000;

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** What an instance holds when it starts. */
export type Filling =
  | 'nobody'
  | 'an administrator'
  /** An administrator and `seededOrganizations` organizations. */
  | 'many organizations'
  /** Organizations and people in every role and state. */
  | 'the demonstration';

export const seededOrganizations = 120;

export interface Server {
  url: string;
  administrator: Person;
  /** The one-time link it printed, when nobody administers it. */
  firstRunLink: string | undefined;
  /** All it wrote to standard error. */
  log(): string;
  stop(): Promise<void>;
  /** Ends it as a power cut would, and starts another on what it left. */
  crash(): Promise<void>;
}

const administrator: Person = {
  name: 'Ada Administrator',
  email: 'ada@platform.example',
  password: 'measure twice, cut once',
};

/** Made by `tenantry demo`. */
const demonstrator: Person = {
  name: 'Ada Administrator',
  email: 'admin@demo.example',
  password: 'demonstration only',
};

/** `environment` configures it beyond what every one has. */
export async function startServer(filling: Filling, environment: NodeJS.ProcessEnv = {}): Promise<Server> {
  const database = await makeDatabase(environment);
  try {
    fill(filling, database);
    let running = await serve(database, await freePort());
    const { url, port, firstRunLink } = running;
    return {
      url,
      administrator: filling === 'the demonstration' ? demonstrator : administrator,
      firstRunLink,
      log: () => running.log(),
      stop: async () => {
        await terminate(running.process, running.log);
        await database.remove();
      },
      crash: async () => {
        const ended = once(running.process, 'exit');
        running.process.kill('SIGKILL');
        await ended;
        running = await serve(database, port);
      },
    };
  } catch (error) {
    await database.remove();
    throw error;
  }
}

interface Database {
  folder: string;
  environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

async function makeDatabase(environment: NodeJS.ProcessEnv): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-e2e-'));
  const postgres = process.env.ENGINE === 'postgres' ? makePostgresDatabase() : undefined;
  return {
    folder,
    environment: {
      PATH: process.env.PATH,
      RUST_BACKTRACE: '1',
      TENANTRY_SITE_FILE: site,
      TENANTRY_DATA_DIR: folder,
      // Receivers of connectors are servers of the tests.
      TENANTRY_OUTBOUND_ALLOW: '127.0.0.0/8',
      TENANTRY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
      ...environment,
    },
    remove: async () => {
      postgres?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function makePostgresDatabase() {
  const cluster = process.env.TENANTRY_TEST_POSTGRES;
  if (!cluster) {
    throw new Error('ENGINE=postgres needs TENANTRY_TEST_POSTGRES, the URL of a server to make databases on');
  }
  const name = `tenantry_e2e_${randomBytes(6).toString('hex')}`;
  const sql = (text: string) => {
    execFileSync('psql', [cluster, '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${text}`]);
  };
  // In a locale whose sorting differs from the bytes': a forgotten collation shows.
  sql(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'`,
  );
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

function fill(filling: Filling, database: Database) {
  const tenantry = (args: string[], input = '') => {
    execFileSync(binary, args, { cwd: database.folder, env: database.environment, input, stdio: 'pipe' });
  };
  if (filling === 'the demonstration') {
    tenantry(['demo']);
  } else if (filling !== 'nobody') {
    const { name, email, password } = administrator;
    tenantry(['user', 'create', '--email', email, '--name', name, '--platform-admin', '--password-stdin'], password);
  }
  if (filling === 'many organizations') {
    tenantry(['seed', '--organizations', String(seededOrganizations)]);
  }
}

async function serve(database: Database, port: number) {
  const process = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`], {
    cwd: database.folder,
    env: database.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let logged = '';
  process.stdout.on('data', (text) => (printed += text));
  process.stderr.on('data', (text) => (logged += text));
  const url = `http://localhost:${port}`;
  const deadline = Date.now() + patience;
  while (!(await answers(`${url}/readyz`))) {
    if (process.exitCode !== null || Date.now() > deadline) {
      process.kill('SIGKILL');
      throw new Error(`the server did not start:\n${printed}\n${logged}`);
    }
    // Whatever it says first, or a tenth of a second.
    await Promise.race([once(process.stdout, 'data'), new Promise((done) => setTimeout(done, 100))]);
  }
  return { process, url, port, firstRunLink: /^\s*(http\S+\/setup\?token=\S+)$/m.exec(printed)?.[1], log: () => logged };
}

async function answers(url: string) {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('the probe has no port');
  }
  return address.port;
}

/** Asks it to stop; it has to end by itself, and well. */
async function terminate(process: ChildProcess, log: () => string) {
  const ended = process.exitCode !== null ? Promise.resolve([process.exitCode]) : once(process, 'exit');
  process.kill('SIGTERM');
  const timer = setTimeout(() => process.kill('SIGKILL'), patience);
  const [code] = await ended;
  clearTimeout(timer);
  if (code !== 0) {
    throw new Error(`the server ended with ${code}:\n${log()}`);
  }
}
