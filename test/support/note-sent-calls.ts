import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

// node --import ./test/support/note-sent-calls.ts …: the process notes in the file SENT_CALLS when it makes each HTTP
// request: one line each, in ms since the epoch. Where the requests arrive, they may be counted late and together.

// biome-ignore lint/style/noProcessEnv: it is loaded before everything of the product
const { SENT_CALLS: file = '' } = process.env;
const note = (): void => appendFileSync(file, `${Date.now()}\n`);
subscribe('http.client.request.created', note);
subscribe('undici:request:create', note);
