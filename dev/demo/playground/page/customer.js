import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { shortTimeOf, silenceInWords } from './words.js';

const SUGGESTIONS = ['How long does shipping take?', 'How do I return something?', 'I want to talk to a person.'];

/** Enter sends, as everywhere; Shift and Enter begin a line. */
export const sendOnEnter = (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
};

/** Whom the customer takes it from. */
const AUTHORS = { customer: 'You', ai: 'Support, the AI', agent: 'Support, a person' };

/** Of two people on a thread, one began it: that is you. */
const authorIn = ({ side, author }, customer) => (side === 'customer' && author !== customer ? author : AUTHORS[side]);

const bubble = (customer) => (item) => {
  const { at, side, text, failed } = item;
  return html`
  <li class="bubble ${side === 'customer' ? 'mine' : 'theirs'}">
    <p dir="auto">${text}</p>
    <small>${authorIn(item, customer)} · ${shortTimeOf(at)}${failed ? ' · not delivered' : ''}</small>
  </li>
`;
};

const mail = (customer) => (item) => {
  const { at, side, text, subject, to } = item;
  return html`
  <li class="mail ${side === 'customer' ? 'mine' : 'theirs'}">
    <header><b>${authorIn(item, customer)}</b><time datetime=${at}>${shortTimeOf(at)}</time></header>
    ${subject ? html`<p class="subject" dir="auto">${subject}</p>` : nothing}
    ${to ? html`<p class="subject">To ${to}</p>` : nothing}
    <p dir="auto">${text}</p>
  </li>
`;
};

const empty = (channel) => html`
  <li class="empty">
    <b>${channel === 'chat' ? 'Start a chat' : 'Write an email'}</b>
    <span>
      ${
        channel === 'chat'
          ? 'The AI answers from eight help articles of a made-up shop. It waits a moment first, in case you write more.'
          : 'An email waits a few seconds before it is answered: people send corrections.'
      }
    </span>
  </li>
`;

const WRITING = html`<li class="bubble writing"><p>Support is writing …</p></li>`;

/** For whoever plays the customer, who would see nothing of it: what happens to their next message. */
const silent = (thread) => {
  const words = silenceInWords(thread);
  return words === '' ? nothing : html`<li class="aside" id="silence"><p>${words}</p></li>`;
};

/** The customer's side: a chat widget, or a mailbox. */
export const customerPane = ({ state, ui, act }) => {
  const { thread } = state;
  const isEmail = ui.channel === 'email';
  // A customer sees the dots of a chat, never those of an email.
  const isWriting = !isEmail && state.threads.find(({ id }) => id === thread?.id)?.awaits === 'writing';
  const items = (thread?.items ?? []).filter(({ side }) => side !== 'comment' && side !== 'note');
  return html`
    <section id="customer" class="pane" aria-labelledby="customer-title">
      <header class="pane-head">
        <h2 id="customer-title">You are the customer</h2>
        <button type="button" class="small quiet" @click=${act.begin}>${isEmail ? 'New email' : 'New chat'}</button>
      </header>
      <fieldset class="segments">
        <legend class="unseen">Channel</legend>
        ${['chat', 'email'].map(
          (channel) => html`
            <label>
              <input
                type="radio"
                name="channel"
                value=${channel}
                .checked=${ui.channel === channel}
                @change=${() => act.onChannel(channel)}
              />
              <span>${channel === 'chat' ? 'Live chat' : 'Email'}</span>
            </label>
          `,
        )}
      </fieldset>
      <div class="talk" role="log" aria-label="What the customer sees" tabindex="0">
        <ol>${items.length === 0 ? empty(ui.channel) : repeat(items, ({ id }) => id, (isEmail ? mail : bubble)(thread.customer))}${isWriting ? WRITING : nothing}${thread ? silent(thread) : nothing}</ol>
      </div>
      <form class="composer" @submit=${act.write}>
        ${
          thread
            ? nothing
            : html`
              <ul class="suggestions" aria-label="Suggestions">
                ${SUGGESTIONS.map(
                  (text) => html`
                    <li><button type="button" class="chip" @click=${() => act.suggest(text)}>${text}</button></li>
                  `,
                )}
              </ul>
            `
        }
        ${
          isEmail && !thread
            ? html`<label><span>Subject</span><input name="subject" value="A question" autocomplete="off" /></label>`
            : nothing
        }
        <label>
          <span class="unseen">Message as the customer</span>
          <textarea
            name="text"
            rows=${isEmail ? 4 : 2}
            required
            dir="auto"
            placeholder=${isEmail ? 'Write your email…' : 'Write a message…'}
            @keydown=${isEmail ? nothing : sendOnEnter}
          ></textarea>
        </label>
        <div class="row">
          ${
            thread
              ? html`<small>As ${thread.customer}</small>`
              : html`
                <details class="who">
                  <summary>As ${ui.name}</summary>
                  <label><span>Name</span><input name="name" .value=${ui.name} @change=${act.rename} required autocomplete="off" /></label>
                  <label>
                    <span>Email address</span>
                    <input name="email" type="email" .value=${ui.email} @change=${act.rename} required autocomplete="off" />
                  </label>
                </details>
              `
          }
          <button type="submit">Send</button>
        </div>
      </form>
    </section>
  `;
};
