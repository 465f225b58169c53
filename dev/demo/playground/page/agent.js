import { live } from '/vendor/lit-html/directives/live.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { sendOnEnter } from './customer.js';
import { CHANNELS, shortTimeOf } from './words.js';

const OWNERS = { ai: 'The AI', you: 'You', nobody: 'Nobody' };
const ownerOf = ({ ownedBy, ownerName }) => OWNERS[ownedBy] ?? ownerName;
const AWAITS = {
  writing: 'The AI is writing …',
  drafting: 'The AI writes a draft …',
  waiting: 'The reply is waiting …',
};
const BY = { ai: 'AI: ', agent: 'Agent: ' };
const previewOf = ({ preview }) => (preview === null ? '' : `${BY[preview.by] ?? ''}${preview.words}`);
const COMMANDS = ['/ai why', '/ai pause', '/ai resume', '/ai handoff'];
const PRIORITIES = ['', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'];
const KNOWN_PROPERTIES = ['hs_ticket_priority'];

const conversation = (thread, { state, act }) => html`
  <li>
    <button
      type="button"
      class="conversation"
      aria-current=${state.thread?.id === thread.id ? 'true' : nothing}
      @click=${() => act.open(thread)}
    >
      <span class="who">
        <span class="who-head"><b dir="auto">${thread.customer}</b><time datetime=${thread.latestAt}>${shortTimeOf(thread.latestAt)}</time></span>
        <small class="preview" dir="auto">${thread.awaits ? html`<i>${AWAITS[thread.awaits]}</i>` : previewOf(thread)}</small>
        <small>${CHANNELS[thread.channel] ?? thread.channel} · <span class=${thread.ownedBy === 'ai' ? 'owned-by-ai' : ''}>${ownerOf(thread)}</span></small>
      </span>
    </button>
  </li>
`;

const draftButtons = (item, { state, act }) => {
  const { draft } = item;
  if (draft === null) return nothing;
  const isNewest = state.thread.items.findLast((other) => other.draft !== null) === item;
  const isDecided = state.thread.items.slice(state.thread.items.indexOf(item)).some(({ side }) => side === 'ai');
  if (!isNewest || isDecided) return nothing;
  if (!draft.forApproval) {
    const use = () => act.useDraft(draft.words);
    return html`<div class="row start"><button type="button" class="small" @click=${use}>Use as my reply</button></div>`;
  }
  return html`
    <div class="row start">
      <button type="button" class="small" @click=${() => act.comment('/ai send')}>Send it</button>
      <button type="button" class="small quiet" @click=${() => act.comment('/ai skip')}>Don’t send</button>
    </div>
  `;
};

const historyItem = (item, context) =>
  item.side === 'note'
    ? html`<li class="note"><span>${item.text}</span></li>`
    : html`
      <li class="entry ${item.side}">
        <header>
          <b>${item.author}</b>
          ${item.side === 'comment' ? html`<span class="tag">Internal comment</span>` : nothing}
          <time datetime=${item.at}>${shortTimeOf(item.at)}</time>
        </header>
        <p dir="auto">${item.text}</p>
        ${item.to ? html`<small>To ${item.to}</small>` : nothing}
        ${item.side === 'comment' ? draftButtons(item, context) : nothing}
      </li>
    `;

/** The last line of a conversation while its reply is on the way. */
const writing = ({ state }) => {
  const awaits = state.threads.find(({ id }) => id === state.thread?.id)?.awaits;
  return awaits ? html`<li class="note writing"><span>${AWAITS[awaits]}</span></li>` : nothing;
};

const editable = (ticket, name, value, { act }) => html`
  <label>
    <span>${name}</span>
    <input
      .value=${live(value)}
      autocomplete="off"
      @change=${(event) => act.setProperty(ticket.id, name, event.target.value)}
    />
  </label>
`;

const ticketPanel = (thread, context) => {
  const { act, state } = context;
  const { ticket } = thread;
  if (!ticket) {
    return html`
      <p class="no-ticket">
        No ticket yet.
        <button type="button" class="small quiet" @click=${() => act.createTicket(thread.id)}>Create one</button>
      </p>
    `;
  }
  const others = Object.entries(ticket.properties).filter(([name]) => !KNOWN_PROPERTIES.includes(name));
  const select = (name, label, options, value) => html`
    <label>
      <span>${label}</span>
      <select .value=${live(value)} @change=${(event) => act.setProperty(ticket.id, name, event.target.value)}>
        ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
      </select>
    </label>
  `;
  return html`
    <details class="ticket">
      <summary><span>Ticket ${ticket.id}</span><span class="tag">${ticket.stageLabel}</span></summary>
      <p class="hint">Each change is an event. A run saves the new value in the AI’s session. The newest value counts.</p>
      <div class="fields">
        ${select(
          'hs_pipeline_stage',
          'Stage',
          state.stages.map(({ id, label }) => [id, label]),
          ticket.stage,
        )}
        ${select(
          'hs_ticket_priority',
          'Priority',
          PRIORITIES.map((one) => [one, one === '' ? 'None' : one.charAt(0) + one.slice(1).toLowerCase()]),
          ticket.properties.hs_ticket_priority ?? '',
        )}
        ${editable(ticket, 'subject', ticket.subject, context)}
        ${repeat(
          others,
          ([name]) => name,
          ([name, value]) => editable(ticket, name, value, context),
        )}
      </div>
      <form class="add-property" @submit=${(event) => act.addProperty(event, ticket.id)}>
        <label><span>Another property</span><input name="name" required pattern="[a-z][a-z0-9_]*" placeholder="plan" autocomplete="off" /></label>
        <label><span>Value</span><input name="value" required placeholder="pro" autocomplete="off" /></label>
        <button type="submit" class="quiet">Set</button>
      </form>
      ${ticket.content ? html`<pre tabindex="0" aria-label="Content of the ticket">${ticket.content}</pre>` : nothing}
    </details>
  `;
};

const threadPane = (context) => {
  const { state, ui, act } = context;
  const { thread } = state;
  if (!thread) {
    return html`<div class="thread"><p class="empty"><b>No conversation is open</b><span>Write as the customer, or choose one.</span></p></div>`;
  }
  const isComment = ui.composing === 'comment';
  return html`
    <div class="thread">
      <header class="thread-head">
        <div>
          <h3 dir="auto">${thread.customer}</h3>
          <small dir="auto">${thread.subject ?? CHANNELS[thread.channel] ?? thread.channel} · conversation ${thread.id}</small>
        </div>
        <p class="owner">Owner <strong id="owner" class="${thread.ownedBy === 'ai' ? 'ai' : 'person'}">${ownerOf(thread)}</strong></p>
        <div class="row start">
          <button type="button" class="small" id="take-over" ?disabled=${thread.ownedBy === 'you'} @click=${() => act.giveTo('agent')}>Take over</button>
          <button type="button" class="small quiet" id="give-back" ?disabled=${thread.ownedBy === 'ai'} @click=${() => act.giveTo('ai')}>Give back to the AI</button>
        </div>
      </header>
      ${ticketPanel(thread, context)}
      <div class="history" role="log" aria-label="What an agent sees" tabindex="0">
        <ol>${repeat(
          thread.items,
          ({ id }) => id,
          (item) => historyItem(item, context),
        )}${writing(context)}</ol>
      </div>
      <form class="composer" @submit=${act.answer}>
        <fieldset class="segments tight">
          <legend class="unseen">What to write</legend>
          ${[
            ['reply', 'Reply'],
            ['comment', 'Internal comment'],
          ].map(
            ([value, label]) => html`
              <label>
                <input type="radio" name="composing" value=${value} .checked=${ui.composing === value} @change=${() => act.compose(value)} />
                <span>${label}</span>
              </label>
            `,
          )}
        </fieldset>
        ${
          isComment
            ? html`
              <ul class="suggestions" aria-label="Commands to the AI">
                ${COMMANDS.map((command) => html`<li><button type="button" class="chip mono" @click=${() => act.comment(command)}>${command}</button></li>`)}
              </ul>
            `
            : nothing
        }
        <label>
          <span class="unseen">${isComment ? 'Internal comment' : 'Reply as the agent'}</span>
          <textarea
            name="text"
            rows="2"
            required
            class=${isComment ? 'comment' : ''}
            dir="auto"
            placeholder=${isComment ? 'Only agents see this.' : 'Reply to the customer as an agent…'}
            @keydown=${sendOnEnter}
          ></textarea>
        </label>
        <div class="row end"><button type="submit">${isComment ? 'Comment' : 'Send as agent'}</button></div>
      </form>
    </div>
  `;
};

/** The agent's side, as HubSpot's inbox. */
export const agentPane = (context) => {
  const { thread } = context.state;
  return html`
  <section id="agent" class="pane" aria-labelledby="agent-title">
    <header class="pane-head">
      <h2 id="agent-title">You are the agent</h2>
      ${
        thread
          ? html`
            <a
              class="button small quiet"
              id="eval-case"
              href=${`/playground/threads/${thread.id}/eval-case`}
              download
              title="A file for npm run eval, which asks the AI the same questions again (an eval case)"
              @click=${context.act.saveCase}
              >Save as a test</a
            >
          `
          : html`<small>HubSpot’s inbox, simulated</small>`
      }
    </header>
    <div class="inbox">
      <nav aria-label="Conversations">
        <ul>
          ${repeat(
            context.state.threads,
            ({ id }) => id,
            (thread) => conversation(thread, context),
          )}
        </ul>
      </nav>
      ${threadPane(context)}
    </div>
  </section>
`;
};
