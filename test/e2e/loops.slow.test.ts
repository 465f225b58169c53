import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerMessage } from '../../dev/simulator/threads.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import { reply, useProduct } from '../support/product.ts';
import { APP_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal, { MAX_REPLIES_PER_HOUR: '2' });

const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
});

describe('what no customer wrote is not answered', () => {
  it.each<[string, Partial<CustomerMessage>, string]>([
    ['an auto-reply', { subject: 'Automatic reply: Your order' }, 'sender-is-bot'],
    ['a bounce', { email: 'mailer-daemon@example.org' }, 'sender-is-bot'],
    ['a no-reply sender', { email: 'no-reply@example.org' }, 'sender-is-bot'],
    ['our own mail come back, which HubSpot calls incoming', { email: 'support@example.com' }, 'outgoing'],
  ])('%s', async (_, changes, reason) => {
    const written = product.simulator.customerWrites({ channel: 'email', text: 'Thanks for your mail', ...changes });
    expect(await product.resultOf(written)).toEqual({ outcome: 'skipped', reason });
    expect(product.postedBy(written.threadId)).toEqual([]);
  });

  it('our own app’s message, which HubSpot calls incoming', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const echo = product.simulator.agentWrites(asked.threadId, {
      actorId: 'V-9001',
      text: 'It ships tomorrow.',
      direction: 'INCOMING',
      integrationAppId: Number(APP_ID),
    });
    const posted = product.postedBy(asked.threadId).length;
    expect(await product.resultOf(echo)).toEqual({ outcome: 'skipped', reason: 'outgoing' });
    expect(product.postedBy(asked.threadId)).toHaveLength(posted);
  });
});

describe('a thread to which the AI has written as often as it may within an hour', () => {
  it('is handed over, once', async () => {
    const { simulator } = product;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'One' });
    const { threadId } = asked;
    const results = [await product.resultOf(asked)];
    for (const text of ['Two', 'Three', 'Four']) {
      results.push(await product.resultOf(simulator.customerWrites({ threadId, text })));
    }
    // Handed over, it is for agents: the AI is silent on it.
    expect(results.map(({ outcome }) => outcome)).toEqual(['replied', 'replied', 'handed-off', 'skipped']);
    expect(product.postedBy(threadId).map(({ type }) => type)).toEqual(['MESSAGE', 'MESSAGE', 'COMMENT']);
  });
});

describe('another help desk that opens a new thread for each of our mails', () => {
  const MOST_ROUNDS = 10;
  type Mail = Pick<CustomerMessage, 'text'> & Partial<CustomerMessage>;
  interface Round {
    result: ReplyToMessageResult;
    threadId: string;
    messageId: string;
    /** Went out to the desk. */
    mails: number;
  }

  const write = async (mail: Mail): Promise<Round> => {
    const written = product.simulator.customerWrites({ channel: 'email', ...mail });
    const result = await product.resultOf(written);
    const mails = product.postedBy(written.threadId).filter(({ type }) => type === 'MESSAGE').length;
    return { result, ...written, mails };
  };

  /** Writes the next mail for each of ours, on a thread of its own, until none of ours comes. */
  const play = async (mailOf: (round: number) => Mail): Promise<Round[]> => {
    const rounds: Round[] = [];
    do {
      rounds.push(await write(mailOf(rounds.length)));
    } while (rounds.at(-1)?.mails !== 0 && rounds.length < MOST_ROUNDS);
    return rounds;
  };

  const ticketsOf = (rounds: Round[]) =>
    product.simulator.tickets().filter(({ threadIds }) => rounds.some(({ threadId }) => threadIds.includes(threadId)));

  const alarmsOf = async (rounds: Round[]) => {
    const runs = rounds.map((round) => temporal.client.workflow.getHandle(product.workflowIdOf(round)).describe());
    const attributes = (await Promise.all(runs)).flatMap(({ typedSearchAttributes }) => typedSearchAttributes.getAll());
    return attributes.filter(({ key }) => key.name === 'NeedsAttention').map(({ value }) => value);
  };

  const thanks = (): AiAnswer => reply('Thank you, we have it.');

  const numbered = (first: number) => (round: number) => ({
    subject: `[#${first + round}] Your request has been received`,
    text: `Hello,\n\nwe have opened case ${first + round} for you and will answer within two days.`,
  });

  it.each<[string, (round: number) => Mail]>([
    ['whose numbers change', (round) => ({ email: 'desk@numbers.example', ...numbered(5_001)(round) })],
    [
      'whose address carries another tag each time',
      (round) => ({ email: `Desk+case-${7_001 + round}@tags.example`, ...numbered(7_001)(round) }),
    ],
    [
      'whose number is in the subject alone',
      (round) => ({
        email: 'desk@subject.example',
        subject: `Ticket ABC-${10 + round} updated`,
        text: 'Thank you for your reply. An agent will be with you shortly.',
      }),
    ],
    [
      'who words each mail anew, as another AI does',
      (round) => ({
        email: 'assistant@other.example',
        subject: 'Your enquiry',
        text: ['Good day, could you say more?', 'Which product is it about?', 'I see. And since when?'][round] ?? 'Oh?',
      }),
    ],
  ])('%s gets no more than the cap, then agents do, once', async (_, mailOf) => {
    product.ai.answer = thanks;
    const rounds = await play(mailOf);
    expect(rounds.map(({ result, mails }) => [result.outcome, mails])).toEqual([
      ['replied', 1],
      ['replied', 1],
      ['handed-off', 0],
    ]);
    expect(rounds[2]?.result.reason).toMatch(/this sender's address has got 2 answers within an hour/);
    expect(ticketsOf(rounds)).toHaveLength(1);
    expect(await alarmsOf(rounds)).toEqual(['answer-loop']);
    // It writes again without a word from us, as reminders do.
    const reminders = [await write(mailOf(2)), await write(mailOf(1))];
    expect(reminders.map(({ result, mails }) => [result, mails])).toEqual([
      [{ outcome: 'skipped', reason: 'answer-loop' }, 0],
      [{ outcome: 'skipped', reason: 'answer-loop' }, 0],
    ]);
    expect(ticketsOf([...rounds, ...reminders])).toHaveLength(1);
    expect(await alarmsOf(reminders)).toEqual([]);
  });

  it('and answers words to the customer at a handoff, which count as answers do', async () => {
    product.ai.answer = (): AiAnswer => ({ action: 'handoff', reason: 'no article fits', aiSessionId: null });
    const rounds = await play((round) => ({ email: 'desk@handoffs.example', ...numbered(9_001)(round) }));
    expect(rounds.map(({ mails }) => mails)).toEqual([1, 1, 0]);
    // All of it is one matter to agents.
    expect(ticketsOf(rounds)).toMatchObject([{ threadIds: rounds.map(({ threadId }) => threadId) }]);
    expect(await alarmsOf(rounds)).toEqual(['answer-loop']);
    expect((await write({ email: 'desk@handoffs.example', ...numbered(9_001)(3) })).result.reason).toBe('answer-loop');
  });

  it('is counted apart from a second one, and from everybody else', async () => {
    const one = (round: number) => ({ email: 'desk@one.example', ...numbered(100)(round) });
    const two = (round: number) => ({ email: 'desk@two.example', ...numbered(100)(round) });
    const rounds = [await play(one), await play(two)];
    expect(rounds.map((played) => played.map(({ mails }) => mails))).toEqual([
      [1, 1, 0],
      [1, 1, 0],
    ]);
    expect((await write({ email: 'kim@example.com', text: 'Hello, case 100?' })).result.outcome).toBe('replied');
  });

  it('does not keep people of one mailbox from agents: what they write anew is handed over, without a mail', async () => {
    const group = 'purchasing@company.example';
    const ask = (text: string) => write({ email: group, subject: 'Question', text });
    const rounds = [];
    for (const text of ['Is the oak in stock?', 'Please send us your price list.', 'May we visit you?', 'Do you weld?'])
      rounds.push(await ask(text));
    expect(rounds.map(({ result, mails }) => [result.outcome, mails])).toEqual([
      ['replied', 1],
      ['replied', 1],
      ['handed-off', 0],
      ['handed-off', 0],
    ]);
    expect(ticketsOf(rounds)).toHaveLength(2);
    expect(await alarmsOf(rounds)).toEqual(['answer-loop']);
  });

  it('gets no more than the cap though it writes many mails at once', async () => {
    product.ai.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return reply('Thank you.');
    };
    const text = (round: number) => ({ email: 'desk@crowd.example', ...numbered(300)(round) });
    const rounds = await Promise.all(Array.from({ length: 6 }, (_, round) => write(text(round))));
    expect(rounds.reduce((sum, { mails }) => sum + mails, 0)).toBe(2);
    expect(ticketsOf(rounds)).toHaveLength(1);
    expect(await alarmsOf(rounds)).toEqual(['answer-loop']);
  });
});

describe('the same mail in two of the portal’s mailboxes', () => {
  const mail = { channel: 'email', subject: 'Delivery', text: 'When do you deliver to Graz?' } as const;
  const twice = (email: string) => {
    const { simulator } = product;
    const sales = simulator.addMailbox(`sales-${email}`);
    return [
      simulator.customerWrites({ ...mail, email }),
      simulator.customerWrites({ ...mail, email, channelAccountId: sales }),
    ] as const;
  };
  const resultsOf = (written: ReturnType<typeof twice>) => Promise.all(written.map((one) => product.resultOf(one)));

  it('is answered once, and the second run names the thread of the answer', async () => {
    product.ai.answer = async (request, signal) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return echo(request, signal);
    };
    const written = twice('two@example.com');
    const results = await resultsOf(written);
    const answered = results.findIndex(({ outcome }) => outcome === 'replied');
    expect(results[1 - answered]).toEqual({
      outcome: 'skipped',
      reason: 'answered-elsewhere',
      answeredOn: written[answered]?.threadId,
    });
    expect(written.map(({ threadId }) => product.postedBy(threadId).length).sort()).toEqual([0, 1]);
  });

  it('goes to agents on both threads where the first run hands it over', async () => {
    product.ai.answer = (): AiAnswer => ({ action: 'handoff', reason: 'no article fits', aiSessionId: null });
    const results = await resultsOf(twice('agents@example.com'));
    expect(results.map(({ outcome }) => outcome)).toEqual(['handed-off', 'handed-off']);
  });

  it('is two mails where the words differ, or the sender', async () => {
    const { simulator } = product;
    const sales = simulator.addMailbox('sales@example.com');
    const written = [
      simulator.customerWrites({ ...mail, email: 'kim@two.example' }),
      simulator.customerWrites({ ...mail, email: 'kim@two.example', text: 'And to Linz?', channelAccountId: sales }),
      simulator.customerWrites({ ...mail, email: 'lee@two.example', channelAccountId: sales }),
    ];
    const results = await Promise.all(written.map((one) => product.resultOf(one)));
    expect(results.map(({ outcome }) => outcome)).toEqual(['replied', 'replied', 'replied']);
  });
});
