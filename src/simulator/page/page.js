const element = (id) => document.getElementById(id);

const customerForm = element('customer-form');
const agentForm = element('agent-form');
const select = element('thread-select');
const problem = element('problem');

/** The conversation that the page's address names, if it does. */
const named = /^#thread-(\d+)$/.exec(location.hash)?.[1] ?? null;

/** The conversation on show; null while the customer's next message begins a new one. */
let threadId = named;
/** Whether to show whatever conversation is newest, until someone chooses one. */
let followNewest = named === null;

const ask = async (method, path, body) => {
  const response = await fetch(`/playground/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem ?? `The simulator answered ${response.status}.`);
  return answer;
};

/** Runs what a person asked for, and shows why it didn't work. */
const attempt = async (action) => {
  try {
    await action();
    problem.hidden = true;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
};

const inside = (tag, className, ...children) => {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
};

const metaOf = ({ kind, author, at, runUrl }) => {
  const time = inside('time', '', new Date(at).toLocaleTimeString());
  time.dateTime = at;
  const meta = inside('div', 'meta', kind === 'COMMENT' ? `${author}, internal comment` : author, time);
  if (runUrl) {
    const link = inside('a', '', 'its run in Temporal');
    link.href = runUrl;
    link.target = '_blank';
    link.rel = 'noreferrer';
    meta.append(link);
  }
  return meta;
};

const showItem = (item) =>
  item.side === 'note' ? inside('li', 'note', item.text) : inside('li', item.side, metaOf(item), item.text);

const showTicket = (ticket) => {
  element('ticket').hidden = !ticket;
  if (!ticket) return;
  element('ticket-id').textContent = ticket.id;
  element('ticket-state').textContent = [ticket.stage, ticket.priority].filter(Boolean).join(', ');
  const contacts = ticket.contacts.map(({ id, email }) => (email ? `${email} (${id})` : id)).join(', ');
  const rows = { subject: ticket.subject, contact: contacts || 'none', ...ticket.properties };
  element('ticket-properties').replaceChildren(
    ...Object.entries(rows).flatMap(([name, value]) => [inside('dt', '', name), inside('dd', '', value)]),
  );
  element('ticket-content').textContent = ticket.content;
};

const showThread = (thread) => {
  showTicket(thread?.ticket);
  element('owner').textContent = thread ? (thread.owner ?? 'nobody') : '–';
  element('take-over').disabled = !thread || thread.ownedBy === 'agent';
  element('give-back').disabled = !thread || thread.ownedBy === 'ai';
  for (const button of agentForm.querySelectorAll('button')) button.disabled = !thread;
  element('history').replaceChildren(...(thread?.items ?? []).map(showItem));
  // A conversation stays on its channel; a disabled field isn't sent.
  element('channel-field').disabled = Boolean(thread);
  element('customer-hint').textContent = thread
    ? `Your next message goes to conversation ${thread.id} (${thread.channel}).`
    : 'Your next message begins a conversation.';
};

const showChoices = (threads) => {
  const options = threads.map(({ id, channel }) => new Option(`${id} (${channel})`, id));
  if (threadId === null) options.unshift(new Option('new', ''));
  select.replaceChildren(...options);
  select.value = threadId ?? '';
};

const refresh = async () => {
  const threads = await ask('GET', 'threads');
  if (followNewest) threadId = threads[0]?.id ?? null;
  showChoices(threads);
  showThread(threadId === null ? null : await ask('GET', `threads/${threadId}`));
};

// One look at a time, and one more if something changed meanwhile: an older answer must not overwrite a newer one.
let isRefreshing = false;
let changedMeanwhile = false;
const refreshSoon = async () => {
  changedMeanwhile = isRefreshing;
  if (isRefreshing) return;
  isRefreshing = true;
  do {
    changedMeanwhile = false;
    await attempt(refresh);
  } while (changedMeanwhile);
  isRefreshing = false;
};

const showChannel = () => {
  element('subject-field').hidden = customerForm.elements.channel.value !== 'email';
};

customerForm.addEventListener('change', showChannel);
customerForm.addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(async () => {
    const { subject, ...fields } = Object.fromEntries(new FormData(customerForm));
    const written = await ask('POST', 'messages', {
      ...fields,
      ...(fields.channel === 'email' && { subject }),
      ...(threadId !== null && { threadId }),
    });
    threadId = written.threadId;
    followNewest = false;
    customerForm.elements.text.value = '';
    await refreshSoon();
  });
});

element('new-thread').addEventListener('click', () => {
  threadId = null;
  followNewest = false;
  void refreshSoon();
});

select.addEventListener('change', () => {
  threadId = select.value || null;
  followNewest = false;
  void refreshSoon();
});

const giveTo = (owner) => () => attempt(() => ask('PUT', `threads/${threadId}/owner`, { owner }));
element('take-over').addEventListener('click', giveTo('agent'));
element('give-back').addEventListener('click', giveTo('ai'));

agentForm.addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(async () => {
    const internal = event.submitter?.name === 'internal';
    await ask('POST', `threads/${threadId}/agent-messages`, { text: agentForm.elements.text.value, internal });
    agentForm.elements.text.value = '';
  });
});

const changes = new EventSource('/playground/events');
changes.addEventListener('message', refreshSoon);
// Also after a break, when changes were missed.
changes.addEventListener('open', refreshSoon);
showChannel();
