// A mail server of our own: takes every mail, and shows what it got as mail programs would read it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** How long a mail may be on its way. */
const patience = 20_000;

export interface Mailbox {
  /** For TENANTRY_SMTP_URL. */
  url: string;
  /** The newest mail to an address, once there is one. */
  newest(to: string): Promise<ParsedMail>;
  /** How many have come for an address. */
  count(to: string): number;
  stop(): Promise<void>;
}

export async function startMailbox(): Promise<Mailbox> {
  const mails: { to: string[]; mail: ParsedMail }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      simpleParser(stream).then((mail) => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail });
        done();
      }, done);
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const of = (to: string) => mails.filter((mail) => mail.to.includes(to));
  return {
    url: `smtp://127.0.0.1:${port}?tls=none`,
    newest: async (to) => {
      for (const started = Date.now(); Date.now() - started < patience; ) {
        const newest = of(to).at(-1);
        if (newest) {
          return newest.mail;
        }
        await new Promise((wait) => setTimeout(wait, 100));
      }
      throw new Error(`no mail came for ${to}`);
    },
    count: (to) => of(to).length,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };
}
