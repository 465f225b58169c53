import { type Html, html } from '../pages/html.ts';
import { adviceOn } from './advice.ts';
import type { Overview, Reading } from './overview.ts';
import { lasted } from './parts.ts';
import { CONVERSATIONS_PATH, DRAFTS_PATH } from './paths.ts';

interface Tile {
  /** `null`: not known. */
  count: number | null;
  what: string;
  more: Html | string;
  href: string;
  /** It wants somebody while it isn't zero. */
  isUrgent: boolean;
  /** There may be more than were counted. */
  atLeast?: boolean;
}

const known = <Value, Result>(reading: Reading<Value> | undefined, of: (value: Value) => Result): Result | null =>
  reading && 'known' in reading ? of(reading.known) : null;

const tile = ({ count, what, more, href, isUrgent, atLeast }: Tile): Html => {
  const look = count === null ? 'unknown' : count > 0 && isUrgent ? 'urgent' : 'calm';
  return html`<li class="tile ${look}"><a href="${href}"><strong>${count === null ? '?' : `${count}${atLeast ? '+' : ''}`}</strong> <span>${what}</span></a><p class="faint">${count === null ? 'Not known: see below.' : more}</p></li>
`;
};

/** What matters now, each with the way there. */
export const glance = ({ waits, drafts, attention, outcomes }: Overview, now: Date): Html => {
  const longest = known(waits, ({ longest: [first] }) => first) ?? null;
  const persons = known(attention, ({ runs }) => runs.filter((run) => adviceOn(run).who === 'person').length);
  const untaken = known(attention, ({ runs }) => runs.filter(({ cause }) => cause === 'not-picked-up').length);
  const today = known(outcomes, ({ windows }) => windows[0]?.figures) ?? null;
  const oldest = longest === null ? 'Nobody waits.' : html`The oldest for ${lasted(now.getTime() - longest.since)}.`;
  const yesterday = `${CONVERSATIONS_PATH}?period=yesterday`;
  return html`<ul class="tiles" aria-label="At a glance">
${tile({ count: known(waits, ({ count }) => count), what: 'customers wait', more: oldest, href: '#who-waits-now', isUrgent: true })}
${tile({ count: known(drafts, ({ count }) => count), what: 'drafts to approve', more: 'Nothing goes out before.', href: DRAFTS_PATH, isUrgent: true, atLeast: known(drafts, ({ more }) => more) ?? false })}
${tile({ count: untaken, what: 'handoffs nobody took', more: 'Agents did not answer in time.', href: '#needs-attention', isUrgent: true })}
${tile({ count: persons, what: 'runs need a person', more: 'Each with cause and advice.', href: '#needs-attention', isUrgent: true, atLeast: known(attention, ({ more }) => more) ?? false })}
${tile({ count: today === null ? null : today.conversations, what: 'conversations today', more: today === null ? '' : `${today.resolved} resolved, ${today['handed-off']} handed off.`, href: '#outcomes', isUrgent: false })}
</ul>
<p class="questions"><a href="${yesterday}">What did the AI do yesterday?</a> <a href="${CONVERSATIONS_PATH}?period=month&amp;corrected=1">Where may it have been wrong?</a> <a href="#who-waits-now">Who waits?</a></p>`;
};
