import { retryAfterMs } from '../../lib/retry-after.ts';
import { AnswerTooLarge, boundedFetch } from '../bounded-fetch.ts';
import { shownOf } from './answer.ts';
import { inputCheck } from './input.ts';
import type { Input, OneTool } from './one-tool.ts';
import { isForOperators, isPassing, refusalIn } from './status.ts';
import {
  fill,
  fillJson,
  inHeader,
  inPath,
  inQuery,
  ValueError,
  type Values,
  valuesIn,
  valuesInJson,
} from './template.ts';
import { type ToolOutcome, ToolUnavailable } from './tool.ts';
import type { HttpToolConfig } from './tools-config.ts';

/** Stands for a secret where people read. */
const MASK = '***';

/** Filled, so that nothing of it can be anything but a value in its place. */
interface Filled {
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

const fillRequest = (config: HttpToolConfig, input: Input, own: Values, mask?: string): Filled => {
  const given = Object.entries(input).map(([name, value]) => [`input.${name}`, value] as const);
  const values: Values = { ...Object.fromEntries(given), ...own };
  const { method, origin, path, rule, idempotencyHeader } = config;
  const place = fill(path, values, inPath, mask);
  if (place === null) throw new ValueError('the address', 'lacks a value');
  const query = config.query.flatMap(([name, template]) => {
    const value = fill(template, values, inQuery, mask);
    return value === null ? [] : [`${encodeURIComponent(name)}=${value}`];
  });
  const headers = config.headers.flatMap(([name, template]) => {
    const value = fill(template, values, inHeader, mask);
    return value === null ? [] : [[name, value] as const];
  });
  const json = config.body === null || method === 'GET' ? null : JSON.stringify(fillJson(config.body, values, mask));
  const url = `${origin}${place}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  // Whatever was filled in, the request goes to this path of this host.
  const parsed = new URL(url);
  if (parsed.origin !== origin || decodeURIComponent(parsed.pathname) !== decodeURIComponent(place)) {
    throw new ValueError('the address', "can't be made of these values");
  }
  return {
    url,
    headers: {
      accept: 'application/json',
      ...(json === null ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(headers),
      ...(rule === 'reads' ? {} : { [idempotencyHeader]: inHeader('call.key', String(values['call.key'])) }),
    },
    body: json,
  };
};

const outcomeOf = async (response: Response, { show, longest }: HttpToolConfig): Promise<ToolOutcome> => {
  if (!response.ok) return { ok: false, why: refusalIn(response.status) };
  const body = await response.text();
  if (body.trim() === '') return { ok: true, text: '"done"' };
  const text = shownOf(body, show, longest);
  return text === null ? { ok: false, why: 'its answer has none of the fields that may be seen' } : { ok: true, text };
};

/**
 * A tool that is one HTTP request to one host. No redirect is followed, and no more than 2 MiB of an answer is read.
 * `warn` gets a line where someone has to change a setting.
 * @throws {SchemaError} where the input's schema is none
 */
export const createHttpTool = (config: HttpToolConfig, warn: (line: string) => void): OneTool => {
  const { name, description, input, rule, channels, identity, method, timeoutMs } = config;
  const used = [
    ...[config.path, ...config.query.map(([, one]) => one), ...config.headers.map(([, one]) => one)].flatMap(valuesIn),
    ...(config.body === null ? [] : valuesInJson(config.body)),
  ];
  const check = inputCheck(input);
  return {
    name,
    description,
    input,
    rule,
    channels,
    identity,
    needs: used.filter((value) => !value.startsWith('input.') && value !== 'call.key'),
    misfit: check,
    preview(given, own) {
      const { url, headers, body } = fillRequest(config, given, own, MASK);
      const shown = Object.entries(headers).filter(([header]) => config.headers.some(([one]) => one === header));
      return [
        `${method} ${url}`,
        ...shown.map(([header, value]) => `${header}: ${value}`),
        ...(body ? [body] : []),
      ].join('\n');
    },
    async call(given, own, signal) {
      signal.throwIfAborted();
      const { url, headers, body } = fillRequest(config, given, own);
      const inTime = AbortSignal.timeout(timeoutMs);
      let response: Response;
      try {
        response = await boundedFetch(url, { method, headers, body, signal: AbortSignal.any([signal, inTime]) });
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AnswerTooLarge) return { ok: false, why: 'its answer is too large' };
        const { cause } = error as { cause?: { code?: string } };
        throw new ToolUnavailable(
          inTime.aborted
            ? `The tool ${name}: no answer within ${timeoutMs} ms`
            : `The tool ${name}: its system can't be reached (${cause?.code ?? 'network error'})`,
        );
      }
      if (isPassing(response.status)) {
        const wait = retryAfterMs(response.headers.get('retry-after'));
        throw new ToolUnavailable(`The tool ${name}: its system can't answer now (${response.status})`, wait ?? null);
      }
      const outcome = await outcomeOf(response, config);
      if (!outcome.ok && isForOperators(response.status)) warn(`The tool ${name}: ${outcome.why}`);
      return outcome;
    },
  };
};
