// A provider behind a webhook, as docs/connectors.md describes one: it checks and makes signatures, keeps resources, and
// does what it is asked for once a key.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';

const secret = 'a-secret-of-enough-characters';

export interface Receiver {
  url: string;
  secret: string;
  /** Ids of what runs. */
  resources: Set<string>;
  /** What was done by key: the type of the request, and how often it came. */
  effects: Map<string, { type: string; times: number }>;
  /** Types of the events that came, those that came again left out. */
  events(): string[];
  /** Resources that stay on their way out. */
  stubborn: Set<string>;
  /** Told of each request for an end, before it is carried out. */
  onTerminate: (id: string) => void;
  stop(): Promise<void>;
}

function sign(id: string, timestamp: string, body: string) {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

export async function startReceiver(): Promise<Receiver> {
  const resources = new Set<string>();
  const stubborn = new Set<string>();
  const effects: Receiver['effects'] = new Map();
  const receiver: Receiver = {
    url: '',
    secret,
    resources,
    effects,
    events: () => [...effects.values()].map(({ type }) => type).filter((type) => type.startsWith('workspace.')),
    stubborn,
    onTerminate: () => undefined,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  const answer = (type: string, data: { resource?: { id: string } }) => {
    if (type === 'resources.list') {
      return { resources: [...resources].map((id) => ({ id, name: `The ${id}`, kind: 'vm', state: 'running' })) };
    }
    if (type === 'resource.terminate' && data.resource) {
      if (stubborn.has(data.resource.id)) {
        return { state: 'terminating' };
      }
      resources.delete(data.resource.id);
      return { state: 'terminated' };
    }
    return {};
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await read(request);
    const id = String(request.headers['webhook-id']);
    const expected = Buffer.from(sign(id, String(request.headers['webhook-timestamp']), body));
    const given = Buffer.from(String(request.headers['webhook-signature']));
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
      response.writeHead(401).end();
      return;
    }
    const { type, data } = JSON.parse(body);
    if (type !== 'resources.list') {
      effects.set(id, { type, times: (effects.get(id)?.times ?? 0) + 1 });
    }
    if (type === 'resource.terminate') {
      receiver.onTerminate(data.resource.id);
    }
    const text = JSON.stringify(answer(type, data));
    const now = String(Math.floor(Date.now() / 1000));
    response.writeHead(200, { 'webhook-id': id, 'webhook-timestamp': now, 'webhook-signature': sign(id, now, text) });
    response.end(text);
  };

  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the receiver has no port');
  }
  receiver.url = `http://127.0.0.1:${address.port}`;
  return receiver;
}
