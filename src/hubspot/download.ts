import { lookup } from 'node:dns';
import { get as getHttp, type IncomingMessage } from 'node:http';
import { get as getHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

const MOST_REDIRECTS = 3;

/** A file that can't be had. The message names neither URL nor file. */
export class FileUnavailable extends Error {
  override readonly name = 'FileUnavailable';
}

/** A file with more bytes than its reader takes. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';

  constructor(mostBytes: number) {
    super(`The file has more than ${mostBytes} bytes`);
  }
}

export interface DownloadOptions {
  /** The file is given up as soon as it proves larger. */
  mostBytes: number;
  signal: AbortSignal;
  /** Wherever this is, the settings have named it: HubSpot's API. */
  trustedOrigin: string;
  /** Says whether a host of another origin may be called at this IP address; {@link isPublicAddress} unless given. */
  mayConnectTo?: (address: string) => boolean;
}

/** Resolves a name for a connection that is made at once to what was checked here: a name can't change in between. */
const checkedLookup =
  (mayConnectTo: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new FileUnavailable('The host has no address'), '');
      if (!addresses.every(({ address }) => mayConnectTo(address))) {
        return callback(new FileUnavailable('The host is not on the internet'), '');
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };

const open = async (url: URL, options: DownloadOptions): Promise<IncomingMessage> => {
  const { signal, trustedOrigin, mayConnectTo = isPublicAddress } = options;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new FileUnavailable('The URL is not of the web');
  const isTrusted = url.origin === trustedOrigin;
  // An address needs no lookup.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!isTrusted && isIP(host) !== 0 && !mayConnectTo(host)) {
    throw new FileUnavailable('The host is not on the internet');
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  get(url, {
    // A connection of its own: one that another call has left open was made without this check.
    agent: false,
    signal,
    headers: { 'accept-encoding': 'identity' },
    ...(isTrusted ? {} : { lookup: checkedLookup(mayConnectTo) }),
  })
    .once('response', resolve)
    .once('error', reject);
  return await promise;
};

const read = async (response: IncomingMessage, mostBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw new FileTooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const follow = async (url: URL, options: DownloadOptions, redirects: number): Promise<Buffer> => {
  const response = await open(url, options);
  const { statusCode = 0, headers } = response;
  if (statusCode === 200 && (headers['content-encoding'] ?? 'identity') === 'identity') {
    if (Number(headers['content-length'] ?? 0) > options.mostBytes) {
      response.destroy();
      throw new FileTooLarge(options.mostBytes);
    }
    return await read(response, options.mostBytes);
  }
  response.destroy();
  const isRedirect = statusCode >= 300 && statusCode < 400 && headers.location !== undefined;
  if (!isRedirect) throw new FileUnavailable(`The file's host answered ${statusCode}`);
  if (redirects === 0) throw new FileUnavailable("The file's host redirects without an end");
  return await follow(new URL(headers.location as string, url), options, redirects - 1);
};

/**
 * The bytes of a file whose URL somebody else has chosen. Only HTTP, and only to a public address or to HubSpot's API
 * itself; each redirect, three at most, is held to the same. No token goes along: HubSpot signs the URLs of its files.
 * @throws {FileTooLarge | FileUnavailable} or the reason of the signal
 */
export const download = async (url: string, options: DownloadOptions): Promise<Buffer> => {
  try {
    return await follow(new URL(url), options, MOST_REDIRECTS);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof FileTooLarge || error instanceof FileUnavailable) throw error;
    // It is the network's, or a bad URL's error; its message may hold the URL.
    throw new FileUnavailable(`The file can't be had (${(error as { code?: string }).code ?? 'network error'})`);
  }
};
