import { type Html, html, NOTHING } from '../pages/html.ts';
import { table } from './parts.ts';

/** A setting as a process sees it: of a secret only that it is set. */
export interface ShownSetting {
  subject: string;
  name: string;
  /** `null`: there is none. */
  value: string | null;
  from: 'environment' | 'portals file' | 'default';
}

const row = ({ name, value, from }: ShownSetting): Html =>
  html`<th scope="row"><code>${name}</code></th><td class="value">${value ?? html`<span class="faint">none</span>`}</td><td>${from === 'default' ? html`<span class="faint">default</span>` : html`<strong>${from}</strong>`}</td>`;

const HEADS = ['Setting', 'In force', 'From'];

const subjectPart = (subject: string, settings: readonly ShownSetting[]): Html => {
  const [set, others] = [true, false].map((isSet) =>
    settings.filter((one) => one.subject === subject && (one.from !== 'default') === isSet),
  ) as [ShownSetting[], ShownSetting[]];
  return html`<h2>${subject}</h2>
${set.length === 0 ? NOTHING : table(`${subject}: set`, HEADS, set.map(row))}
${others.length === 0 ? NOTHING : html`<details><summary>${others.length} by default</summary>${table(`${subject}: by default`, HEADS, others.map(row))}</details>`}
`;
};

/** The settings in force, read-only: what was set stands in the open, subject by subject. */
export const settingsPart = (settings: readonly ShownSetting[]): Html => {
  const subjects = [...new Set(settings.map(({ subject }) => subject))];
  const set = settings.filter(({ from }) => from !== 'default').length;
  return html`<p>As this API process was started with them: ${set} set, the rest by default. They are changed in the environment or the portals file, not here. Of secrets, and of addresses that may hold one, only that they are set is shown. Workers may have been started with others.</p>
<div class="settings">${subjects.map((subject) => subjectPart(subject, settings))}</div>`;
};
