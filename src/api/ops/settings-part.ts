import { type Html, html } from '../pages/html.ts';
import { table } from './parts.ts';

/** A setting as a process sees it: of a secret only that it is set. */
export interface ShownSetting {
  subject: string;
  name: string;
  /** `null`: there is none. */
  value: string | null;
  from: 'environment' | 'portals file' | 'default';
}

/** The settings in force, read-only: what was set first, subject by subject. */
export const settingsPart = (settings: readonly ShownSetting[]): Html => {
  const subjects = [...new Set(settings.map(({ subject }) => subject))];
  const set = settings.filter(({ from }) => from !== 'default').length;
  const parts = subjects.map((subject) => {
    const rows = settings
      .filter((one) => one.subject === subject)
      .sort((a, b) => Number(a.from === 'default') - Number(b.from === 'default'))
      .map(
        ({ name, value, from }) =>
          html`<th scope="row"><code>${name}</code></th><td class="value">${value ?? html`<span class="faint">none</span>`}</td><td>${from === 'default' ? html`<span class="faint">default</span>` : html`<strong>${from}</strong>`}</td>`,
      );
    return html`<h2>${subject}</h2>\n${table(subject, ['Setting', 'In force', 'From'], rows)}\n`;
  });
  return html`<p>As this API process was started with them: ${set} set, the rest by default. They are changed in the environment or the portals file, not here; of secrets and of addresses with a secret part only that they are set is shown. Workers may have been started with others.</p>
${parts}`;
};
