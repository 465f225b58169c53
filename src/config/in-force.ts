import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { presentIn, SETTINGS_BY_SUBJECT } from './environment.ts';

/** A setting as a process sees it. */
export interface SettingInForce {
  /** The heading under which `docs/configuration.md` has it; of a portals file: the portal. */
  subject: string;
  name: string;
  /** As people read it; `null`: there is none. Of a secret only that it is set. */
  value: string | null;
  from: 'environment' | 'portals file' | 'default';
}

const SECRET = /(?:tokens?|secrets?|keys?|passwords?|headers|database_?url)$/i;
/** They end like secrets. */
const NO_SECRETS = ['LLM_MAX_OUTPUT_TOKENS'];
/** The whole of them is what HubSpot calls: no part of the path is secret. */
const WITH_PATH = ['WEBHOOK_PUBLIC_URL', 'HUBSPOT_REDIRECT_URL'];

const isSecret = (name: string): boolean => SECRET.test(name) && !NO_SECRETS.includes(name);

/** A path or a query may be a secret of its own, as those of chat webhooks are. */
const shownUrl = (name: string, text: string): string => {
  const { origin, pathname, search } = new URL(text);
  if (WITH_PATH.includes(name)) return `${origin}${pathname}`;
  return pathname === '/' && search === '' ? origin : `${origin}/…`;
};

const LONGEST = 300;

const shownText = (name: string, text: string): string => {
  if (isSecret(name)) return 'set';
  const shown = text.replace(/https?:\/\/[^\s,"']+/g, (url) => (URL.canParse(url) ? shownUrl(name, url) : 'a URL'));
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST).toWellFormed()}…` : shown;
};

/** What a file says, its secrets left out wherever they are. */
const withoutSecrets = (name: string, value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return isSecret(name) ? 'set' : value;
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(name, one));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutSecrets(key, one)]));
};

const shownField = (name: string, value: unknown): string => {
  const bare = isSecret(name) ? 'set' : withoutSecrets(name, value);
  return shownText('', typeof bare === 'object' ? JSON.stringify(bare) : String(bare));
};

/** The fields that a portals file sets. What is wrong with the file, the reading of all settings says. */
const inPortalsFile = (path: string): SettingInForce[] => {
  const content: unknown = parseYaml(readFileSync(path, 'utf8'));
  const portals = (content as { portals?: unknown } | null)?.portals;
  return (Array.isArray(portals) ? portals : []).flatMap((portal: Record<string, unknown>) =>
    Object.entries(portal)
      .filter(([name]) => name !== 'portalId')
      .map(([name, value]) => ({
        subject: `Portal ${String(portal.portalId)}`,
        name,
        value: shownField(name, value),
        from: 'portals file' as const,
      })),
  );
};

/** Every setting, and where it comes from; an environment that a process was started with (see `loadConfig`). */
export const settingsInForce = (environment: Record<string, string | undefined>): SettingInForce[] => {
  const present = presentIn(environment);
  const fromEnvironment = Object.entries(SETTINGS_BY_SUBJECT).flatMap(([subject, schema]) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
    return Object.entries(properties).map(([name, property]): SettingInForce => {
      const given = present[name];
      if (given !== undefined) return { subject, name, value: shownText(name, given), from: 'environment' };
      const fallback = typeof property === 'object' ? property.default : undefined;
      const isNone = fallback === undefined || fallback === '';
      return { subject, name, value: isNone ? null : shownText(name, String(fallback)), from: 'default' };
    });
  });
  return [...(present.PORTALS_FILE ? inPortalsFile(present.PORTALS_FILE) : []), ...fromEnvironment];
};
