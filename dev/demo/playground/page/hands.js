import { nextPerson } from './people.js';
import { ask } from './server.js';
import { channelOf } from './words.js';

/**
 * What a person at the page does in one go. `ui` is what the page knows, `stateNow` gives what the demo last said,
 * `show` opens a conversation (`null`: a new one).
 */
export const createHands = ({ ui, stateNow, show }) => {
  /** As the customer. A new conversation is another customer's, unless someone has written a name of their own. */
  const write = async ({ text, subject = 'A question', ...author }) => {
    const { threadId } = ui;
    const isNew = threadId === null;
    const { name, email } = ui.isNamed ? ui : nextPerson(stateNow().threads);
    const written = await ask('POST', 'messages', {
      text,
      ...(isNew ? { name, email, channel: ui.channel } : { threadId }),
      ...(ui.channel === 'email' && (isNew || author.name) ? { subject } : {}),
      ...author,
    });
    // A person who has opened another conversation meanwhile stays there.
    if (ui.threadId === threadId) show(written.threadId);
  };

  const beginOn = (channel) => {
    ui.channel = channel;
    ui.filter = 'thread';
    show(null);
  };

  const set = (change) => ask('PUT', 'switches', change);

  const repair = async () => {
    await set({ hubspot: 'none', aiIsDown: false, twice: false });
    await ask('PUT', 'worker', { order: 'start' });
  };

  const inNewChat = async (text) => {
    beginOn('chat');
    await write({ text });
  };

  /** A chat that the AI may answer, for the steps of the tour that need one. */
  const openOwnChat = () => {
    const { thread } = stateNow();
    if (thread && channelOf(thread) === 'chat' && thread.ownedBy === 'ai' && !thread.ticket) return;
    beginOn('chat');
  };

  const giveTo = (owner) => ask('PUT', `threads/${ui.threadId}/owner`, { owner });

  /** By the key of the tour's step. */
  const tour = {
    ask: () => inNewChat('How long does shipping take?'),
    takeOver: async () => {
      if (ui.threadId === null) await tour.ask();
      await giveTo('agent');
      await write({ text: 'Thank you!' });
    },
    giveBack: async () => {
      if (ui.threadId === null) await tour.ask();
      await giveTo('ai');
      await write({ text: 'How do I return an item?' });
    },
    sayLittle: () => inNewChat('I have a question about delivery.'),
    handOff: () => inNewChat('Kann ich die blaue Lampe dimmen? Sie flackert.'),
    twice: async () => {
      const newest = stateNow().timeline.find(({ kind, workflow }) => kind === 'customer' && workflow);
      if (newest) await ask('POST', `deliveries/${newest.id}/again`);
      else {
        await set({ twice: true });
        await inNewChat('How do I return an item?');
      }
    },
    kill: async () => {
      await ask('PUT', 'worker', { order: 'kill' });
      openOwnChat();
      await write({ text: 'Do you ship to Norway?' });
    },
    lose: async () => {
      await set({ hubspot: 'lost-answer' });
      openOwnChat();
      await write({ text: 'How long is the warranty?' });
    },
  };

  return { write, begin: ({ channel }) => beginOn(channel), set, repair, giveTo, tour };
};
