import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { agentPane } from './agent.js';
import { customerPane } from './customer.js';
import { keepTour, readTour } from './done.js';
import { createHands } from './hands.js';
import { nextPerson } from './people.js';
import { createPlayer } from './player.js';
import { SCENES } from './scenes.js';
import { ask, listen, oneAtATime } from './server.js';
import { doneSteps, stepOfMessage } from './steps.js';
import { switchesPane } from './switches.js';
import { timelinePane } from './timeline.js';
import { tour } from './tour.js';
import { channelOf, runInWords } from './words.js';

/** The conversation that the page's address names; `null`: none. */
const namedThread = () => /^#thread-(\d+)$/.exec(location.hash)?.[1] ?? null;

/** What only this page knows. */
const ui = {
  /** `null` while the customer's next message begins a conversation. */
  threadId: namedThread(),
  channel: 'chat',
  composing: 'reply',
  filter: 'thread',
  echoes: false,
  name: '',
  email: '',
  /** Someone has written a name of their own: it stays. */
  isNamed: false,
  isConnected: true,
  problem: null,
  /** When each step of the tour was begun, ISO time; the keys of those that are done. */
  begun: {},
  done: [],
  /** What the page explains just now: a step of the tour (`step`), or a line of its own; `null`: nothing. */
  line: null,
};
let state = null;

const root = document.getElementById('page');
const announcement = document.getElementById('announcement');

/** Shows the newest words of a list, unless someone has scrolled up to read. */
const lists = new Map();
const keepAtEnd = () => {
  for (const list of root.querySelectorAll('.talk, .history')) {
    const key = `${list.className} ${state.thread?.id ?? ''}`;
    const count = list.firstElementChild.children.length;
    if (lists.get(list)?.key !== key || lists.get(list)?.count !== count) list.scrollTop = list.scrollHeight;
    lists.set(list, { key, count });
  }
};

const FAULTS = {
  'rate-limit': 'HubSpot answers 429',
  'server-error': 'HubSpot answers 500',
  'lost-answer': 'HubSpot’s answers to posts get lost',
};

const brokenNow = ({ switches, worker }) =>
  [
    worker.state === 'stopped' && 'the worker is killed',
    FAULTS[switches.hubspot],
    switches.aiIsDown && 'the AI is down',
    switches.twice && 'every event comes twice',
  ].filter(Boolean);

const banner = (context) => {
  const broken = brokenNow(context.state);
  if (broken.length === 0) return nothing;
  const text = broken.join(', ');
  return html`
    <div class="banner" role="status">
      <span>${text.charAt(0).toUpperCase()}${text.slice(1)}.</span>
      <button type="button" class="small" id="repair" @click=${context.act.repair}>Repair everything</button>
    </div>
  `;
};

/** Goes to a part of the page. The address stays as it is, since it names the conversation. */
const jump = (event) => {
  const part = document.getElementById(event.target.closest('a')?.hash.slice(1));
  if (part === null) return;
  event.preventDefault();
  part.tabIndex = -1;
  part.scrollIntoView();
  part.focus({ preventScroll: true });
};

const page = (context) => html`
  <header class="top">
    <div class="brand">
      <img src="icon.svg" alt="" width="32" height="32" />
      <div><h1>Threadkeeper<span> playground</span></h1><p>HubSpot is simulated. Everything else is real.</p></div>
    </div>
    <span class="pill ${context.state.worker.state}"><span class="dot" aria-hidden="true"></span>Worker ${{ polls: 'running', starting: 'starting', stopped: 'killed' }[context.state.worker.state]}</span>
    <nav class="row start links" aria-label="Other pages">
      <a class="button quiet" href=${context.state.opsUrl} target="_blank" rel="noreferrer">Desk&nbsp;↗</a>
      <a class="button quiet" href=${`${context.state.opsUrl}/test`} target="_blank" rel="noreferrer">Test&nbsp;a&nbsp;question&nbsp;↗</a>
      <a class="button quiet" href=${context.state.temporalUrl} target="_blank" rel="noreferrer">Temporal<span class="wide-only">&nbsp;Web&nbsp;UI</span>&nbsp;↗</a>
    </nav>
  </header>
  ${ui.isConnected ? nothing : html`<p class="banner bad" role="alert">The demo doesn’t answer: is <code>npm run demo</code> still running?</p>`}
  ${banner(context)} ${tour(context)}
  <p id="problem" role="alert" ?hidden=${ui.problem === null}>${ui.problem}</p>
  <main>${customerPane(context)} ${agentPane(context)} ${timelinePane(context)} ${switchesPane(context)}</main>
  <nav class="jump" aria-label="Parts of the page" @click=${jump}>
    <a href="#customer">Customer</a><a href="#agent">Agent</a><a href="#timeline">Events</a><a href="#switches">Break it</a>
  </nav>
`;

/** Says to those who can't see it how the newest run of a customer's message stands. */
const announce = () => {
  const newest = state.timeline.find(({ kind, run }) => kind === 'customer' && run);
  if (!newest || newest.run.state === 'running') return;
  const { label, why } = runInWords(newest.run, state.worker);
  const words = `${newest.title}: ${label}${why ? `, ${why}` : ''}`;
  if (announcement.textContent !== words) announcement.textContent = words;
};

const draw = () => {
  if (state === null) return;
  if (!ui.isNamed) Object.assign(ui, nextPerson(state.threads));
  render(page({ state, ui, act }), root);
  keepAtEnd();
  announce();
};

/** A step that was seen done stays so, whatever conversation is open. */
const noteDone = () => {
  const done = doneSteps(state, ui);
  if (done.length === ui.done.length) return;
  ui.done = done;
  keepTour(state.startedAt, ui);
};

const look = oneAtATime(async () => {
  try {
    const wanted = (threadId) => ({
      ...(threadId === null ? {} : { thread: threadId }),
      ...(ui.filter === 'all' ? { events: 'all' } : {}),
    });
    const stateOf = (threadId) => ask('GET', `state?${new URLSearchParams(wanted(threadId))}`);
    const { threadId } = ui;
    const fresh = await stateOf(threadId).catch((error) => {
      if (error.status !== 404) throw error;
      // Another conversation was opened meanwhile: its own look follows.
      if (ui.threadId !== threadId) return null;
      // An address of a demo that has ended: a new conversation can begin all the same.
      ui.problem = `This demo has no conversation ${threadId}. Choose another, or write as the customer.`;
      show(null);
      return stateOf(null);
    });
    if (fresh === null) return;
    // Nothing has happened yet to a conversation that has not begun.
    if (ui.threadId === null && ui.filter === 'thread') fresh.timeline = [];
    // Another conversation was opened meanwhile: its own look follows.
    if ((fresh.thread?.id ?? null) !== ui.threadId) return;
    if (state?.startedAt !== fresh.startedAt) Object.assign(ui, readTour(fresh.startedAt));
    state = fresh;
    noteDone();
    if (state.thread) ui.channel = channelOf(state.thread);
  } catch (error) {
    ui.problem = error.message;
  }
  draw();
});

/** Does what a person asked for, and shows why it didn't work. */
const attempt = async (action) => {
  try {
    ui.problem = null;
    await action();
  } catch (error) {
    ui.problem = error.message;
  }
  await look();
};

/** Sends the words of a field, and empties it at once: what is typed meanwhile stays. A refusal brings them back. */
const sendWordsOf = async (field, send) => {
  const words = field.value;
  field.value = '';
  try {
    await send(words);
  } catch (error) {
    field.value = [words, field.value].filter((part) => part !== '').join('\n');
    throw error;
  }
};

/** Shows a conversation, and has the page's address name it, so that a reload shows it again. */
const show = (threadId) => {
  ui.threadId = threadId;
  history.replaceState(null, '', threadId === null ? location.pathname : `#thread-${threadId}`);
};

const hands = createHands({ ui, stateNow: () => state, show });

const player = createPlayer({
  hands,
  look,
  stateNow: () => state,
  onLine: (line) => {
    ui.line = line;
    draw();
    void look();
  },
});

/** A step begins, or none (`null`). `byHand`: a person has done its first half. */
const begin = (key, byHand = false) => {
  player.stop();
  if (key === null) return;
  ui.line = { step: key, byHand };
  ui.begun = { ...ui.begun, [key]: new Date().toISOString() };
  keepTour(state.startedAt, ui);
};

/** Another conversation is opened: a scene that plays has lost its place, and a step is over. */
const leave = () => player.stop();

const messageField = () => root.querySelector('#customer textarea[name=text]');

/** A new conversation, ready to be written in. */
const openNew = () => {
  leave();
  show(null);
  void look().then(() => messageField()?.focus());
};

const act = {
  begin: openNew,
  onChannel: (channel) => {
    leave();
    ui.channel = channel;
    show(null);
    void look();
  },
  open: (thread) => {
    leave();
    show(thread.id);
    void look();
  },
  write: (event) => {
    event.preventDefault();
    const { text, subject } = event.target.elements;
    void attempt(async () => {
      begin(stepOfMessage(state, ui));
      await sendWordsOf(text, (words) => hands.write({ text: words, subject: subject?.value || undefined }));
    });
  },
  suggest: (text) => {
    begin(stepOfMessage(state, ui));
    void attempt(() => hands.write({ text }));
  },
  rename: (event) => {
    ui[event.target.name] = event.target.value;
    ui.isNamed = true;
    draw();
  },
  compose: (what) => {
    ui.composing = what;
    draw();
  },
  answer: (event) => {
    event.preventDefault();
    const { text } = event.target.elements;
    void attempt(async () => {
      const internal = ui.composing === 'comment';
      const path = `threads/${ui.threadId}/agent-messages`;
      begin(null);
      await sendWordsOf(text, (words) => ask('POST', path, { text: words, internal }));
    });
  },
  comment: (text) => {
    begin(null);
    void attempt(() => ask('POST', `threads/${ui.threadId}/agent-messages`, { text, internal: true }));
  },
  saveCase: () => {
    player.stop();
    ui.line = {
      title: 'Saved as a test of the AI (an eval case)',
      say:
        'npm run eval -- FILE asks the AI the same questions again, and says where its answer is another one. ' +
        'The file expects what the AI did here: correct it where that was wrong.',
    };
    draw();
  },
  useDraft: (words) => {
    ui.composing = 'reply';
    draw();
    const field = root.querySelector('#agent textarea[name=text]');
    field.value = words;
    field.focus();
  },
  giveTo: (owner) => {
    begin(owner === 'agent' ? 'takeOver' : 'giveBack', true);
    void attempt(() => hands.giveTo(owner));
  },
  createTicket: (threadId) => void attempt(() => ask('POST', `threads/${threadId}/ticket`)),
  setProperty: (ticketId, name, value) =>
    void attempt(() => ask('PUT', `tickets/${ticketId}/properties`, { name, value })),
  addProperty: (event, ticketId) => {
    event.preventDefault();
    const form = event.target;
    const { name, value } = Object.fromEntries(new FormData(form));
    void attempt(async () => {
      await ask('PUT', `tickets/${ticketId}/properties`, { name, value });
      form.reset();
    });
  },
  deliverAgain: (entry) => {
    begin('twice');
    void attempt(() => ask('POST', `deliveries/${entry.id}/again`));
  },
  worker: (order) => {
    if (order === 'kill') begin('kill', true);
    else if (ui.line?.byHand) player.stop();
    void attempt(() => ask('PUT', 'worker', { order }));
  },
  set: (change) => {
    if (change.hubspot === 'lost-answer') begin('lose', true);
    if (change.twice) begin('twice', true);
    return attempt(() => hands.set(change));
  },
  repair: () => {
    // Nobody has written yet, so nothing comes of the step. A scene goes on: it waits for the repair.
    if (ui.line?.byHand) player.stop();
    void attempt(hands.repair);
  },
  filterBy: (filter) => {
    ui.filter = filter;
    void look();
  },
  toggleEchoes: () => {
    ui.echoes = !ui.echoes;
    draw();
  },
  play: (key) => void player.play(SCENES.find((scene) => scene.key === key)),
  stop: player.stop,
  tour: (key) => {
    begin(key);
    void attempt(hands.tour[key]);
  },
};

// Who opens the page can write at once. On a touch screen a keyboard would hide what there is to see.
const focusAtFirst = () => {
  if (ui.threadId === null && matchMedia('(pointer: fine)').matches) messageField()?.focus();
};
void look().then(focusAtFirst);

listen({
  onChange: look,
  onConnected: (isConnected) => {
    ui.isConnected = isConnected;
    draw();
  },
});

addEventListener('hashchange', () => {
  if (namedThread() === ui.threadId) return;
  leave();
  show(namedThread());
  void look();
});
