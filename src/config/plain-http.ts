import { isLoopback } from '../lib/loopback.ts';
import type { Warning } from './warning.ts';

/** Settings that hold URLs, by their names; a text such as a signature may begin with one too. */
const HOLDS_URLS = /_(?:URL|ENDPOINT|ORIGIN)$/;

/** The host that a URL leads to in clear text over a network; `null`: to none. */
const exposedHost = (url: string): string | null => {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, host } = new URL(url);
  const name = hostname.replace(/\.$/, '');
  const staysHere =
    isLoopback(name) || name.endsWith('.localhost') || /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(name);
  return protocol === 'http:' && !staysHere ? host : null;
};

/**
 * Settings that lead over a network by `http://`, by name. A name without a dot, such as `ollama` in a compose file,
 * counts as well: it may be another machine, and the network's search domain decides which. `localhost`, `*.localhost`
 * (RFC 6761) and loopback addresses don't.
 */
export const plainHttpWarnings = (present: Record<string, string>, settings: readonly string[]): Warning[] =>
  settings.flatMap((setting) => {
    const urls = HOLDS_URLS.test(setting) ? (present[setting] ?? '').split(',') : [];
    const hosts = urls.map((url) => exposedHost(url.trim())).filter((host) => host !== null);
    if (hosts.length === 0) return [];
    const message =
      `${setting} leads to ${hosts.join(', ')} by http://: customers' words and keys can be read on the way. ` +
      'Write https://, or keep it on this machine.';
    return [{ setting, message }];
  });
