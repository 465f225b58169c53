import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { createAnswering, keyOf, type Question } from '../peer/answering.ts';
import { serveEndpoint } from '../peer/endpoint.ts';
import { readPeerSettings, tellReady } from '../peer/settings.ts';

// docs.restate.dev: an idempotency key against duplicates, one-way sends, `ctx.run` for each call.
const settings = readPeerSettings();

const { fetchMessage, fetchConversation, decide, post } = createAnswering(settings);
const answering = restate.service({
  name: 'answering',
  handlers: {
    reply: async (ctx: restate.Context, question: Question): Promise<void> => {
      if (!settings.work) return;
      const message = await ctx.run('fetchMessage', () => fetchMessage(question));
      const conversation = await ctx.run('fetchConversation', () => fetchConversation(question));
      const text = decide(message, conversation);
      if (message !== null && text !== null) await ctx.run('post', () => post(question, message, text));
    },
  },
});

if (settings.role !== 'api') {
  // Beside the endpoint's port, so that a restart is found where it was registered.
  const port = await restate.serve({ services: [answering], port: settings.port + 1 });
  const registered = await fetch(`${settings.adminUrl}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}`, force: true }),
  });
  if (!registered.ok) throw new Error(`Restate took no registration: ${await registered.text()}`);
  tellReady();
}

if (settings.role !== 'worker') {
  const client = clients.connect({ url: settings.store }).serviceSendClient<typeof answering>({ name: 'answering' });
  serveEndpoint(settings, (asked) =>
    Promise.all(
      asked.map(({ threadId, messageId }) =>
        client.reply({ threadId, messageId }, clients.rpc.sendOpts({ idempotencyKey: keyOf({ threadId, messageId }) })),
      ),
    ),
  );
}
