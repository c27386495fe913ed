// Whom audit logs are streamed to: it keeps all it gets, whoever signed it, and answers what it is told to.

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface Delivery {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

export interface LogReceiver {
  url: string;
  /** What it answers. */
  status: number;
  deliveries: Delivery[];
  stop(): Promise<void>;
}

/** Whether it was signed with this secret, as Standard Webhooks says. */
export function isGenuine({ id, timestamp, signature, body }: Delivery, secret: string) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return signature === `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The entries of a delivery: their numbers and what was done. */
export function entries({ body }: Delivery): { seq: number; action: string }[] {
  const { type, data } = JSON.parse(body) as { type: string; data: { entries: { entry: { seq: number; action: string } }[] } };
  return type === 'audit.entries' ? data.entries.map(({ entry }) => entry) : [];
}

export async function startLogReceiver(): Promise<LogReceiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const header = (name: string) => String(request.headers[name]);
    receiver.deliveries.push({
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(receiver.status).end();
  });
  const receiver: LogReceiver = {
    url: '',
    status: 204,
    deliveries: [],
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the receiver has no port');
  }
  receiver.url = `http://127.0.0.1:${address.port}/entries?key=hunter2`;
  return receiver;
}
