import { log } from '@temporalio/activity';
import type { FileKind, Readable, ReadableFields, ReadFile, ReplyRequest } from '../../ai/backend.ts';
import { contentOf } from '../../ai/file-content.ts';
import { unread } from '../../ai/unread-files.ts';
import type { HubSpotClient } from '../../hubspot/client.ts';
import type { LocatedAttachment } from '../../hubspot/conversation.ts';
import { FileTooLarge } from '../../hubspot/download.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { unlessAborted } from '../../lib/deadline.ts';
import { createHeldBytes, type HeldBytes, type Hold } from './held-bytes.ts';

/** A portal as its AI may look into it. */
export interface ReadablePortal {
  client: Pick<HubSpotClient, 'contactProperties' | 'ticketProperties' | 'attachments' | 'download'>;
  /** Internal names of the properties that may leave HubSpot for the AI. */
  aiFields: { contact: readonly string[]; ticket: readonly string[] };
}

/** A customer waits, and an answer without the record is better than none. */
const RECORD_MS = 5_000;

/** The download of all files of an answer may take this long, in ms. */
const FILES_MS = 10_000;
const MOST_FILES = 4;
/** In base64 a third more: Anthropic takes no image beyond 5 MiB of that. */
const MOST_BYTES = 3.75 * 1024 * 1024;

/**
 * All answers of this process together may hold so many bytes: four of the largest at once. A model's request takes
 * about five times as much while it is written (base64, JSON, bytes), which is little beside the worker's 2 GiB
 * (deploy/helm).
 */
export const MOST_HELD = 4 * MOST_FILES * MOST_BYTES;

/** One answer may look at this, and has this room in memory for it. */
export type OneReading = Readable & {
  /** Waits for room for the files that an answer may hold. Nothing is fetched before. @throws the signal's reason */
  makeRoom?(signal: AbortSignal): Promise<void>;
  /** Gives the room back: what was read is no longer held. */
  done?(): void;
};

/** Gives what an answer to this request may look at. */
export type AiReading = (
  request: Pick<ReplyRequest, 'portalId' | 'threadId' | 'contactId' | 'ticketId' | 'attachments'>,
) => OneReading;

const heldIn = (files: readonly ReadFile[]): number =>
  files.reduce((sum, { content }) => sum + (content?.kind === 'images' ? content.bytes.length : 0), 0);

const readFile = async (
  client: ReadablePortal['client'],
  { name, type, url }: LocatedAttachment,
  kinds: readonly FileKind[],
  signal: AbortSignal,
): Promise<ReadFile> => {
  const file = { name, type };
  if (url === null) return { ...file, whyNot: 'it is no file' };
  try {
    const content = contentOf(await client.download(url, MOST_BYTES, signal));
    if (content && kinds.includes(content.kind)) return { ...file, content };
    return { ...file, whyNot: "it is of a kind that you can't read" };
  } catch (error) {
    return { ...file, whyNot: error instanceof FileTooLarge ? 'it is too large' : 'it is not available now' };
  }
};

/**
 * The messages are read again for the URLs of their files: these are signed, and a run's history is no place for them.
 */
const readFiles = async (
  client: ReadablePortal['client'],
  { threadId, attachments }: Pick<ReplyRequest, 'threadId' | 'attachments'>,
  kinds: readonly FileKind[],
  signal: AbortSignal,
): Promise<ReadFile[]> => {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(FILES_MS)]);
  const messageIds = [...new Set(attachments.map(({ messageId }) => messageId))];
  let located: LocatedAttachment[];
  try {
    const found = Promise.all(messageIds.map((messageId) => client.attachments(threadId, messageId)));
    located = (await unlessAborted(found, inTime)).flat();
  } catch (error) {
    signal.throwIfAborted();
    log.warn('The AI goes without the files', { reason: (error as Error).message });
    return unread({ attachments }, 'it is not available now');
  }
  const read = await Promise.all(
    located.map((file, index) =>
      index < MOST_FILES
        ? readFile(client, file, kinds, inTime)
        : { name: file.name, type: file.type, whyNot: 'there are too many' },
    ),
  );
  signal.throwIfAborted();
  return read;
};

/**
 * Gives what an AI may look at in its portal. The ids are the thread's own; only properties of the settings' lists are
 * ever asked for. These calls go past the rate limit of HubSpot's task queue, but not past the portal's budget of
 * calls. They are few, and a refused one only says "not now".
 *
 * All answers share `heldBytes`: each takes room for as much as its files can have, gives back at once what they don't,
 * and the rest when it is done.
 */
export const createAiReading = (
  portal: (portalId: PortalId) => ReadablePortal,
  heldBytes: HeldBytes = createHeldBytes(MOST_HELD),
): AiReading => {
  const fields = (
    what: string,
    names: readonly string[],
    call: () => Promise<Record<string, string> | null>,
  ): ReadableFields => ({
    names,
    async read(signal) {
      try {
        return (await unlessAborted(call(), AbortSignal.any([signal, AbortSignal.timeout(RECORD_MS)]))) ?? {};
      } catch (error) {
        signal.throwIfAborted();
        log.warn(`The AI goes without the ${what}'s properties`, { reason: (error as Error).message });
        return null;
      }
    },
  });
  const withRoom = (
    { attachments }: Pick<ReplyRequest, 'attachments'>,
    read: NonNullable<Readable['files']>,
  ): Required<Pick<OneReading, 'files' | 'makeRoom' | 'done'>> => {
    const wanted = Math.min(attachments.length, MOST_FILES) * MOST_BYTES;
    let hold: Hold | undefined;
    const done = (): void => {
      hold?.release();
      hold = undefined;
    };
    const makeRoom = async (signal: AbortSignal): Promise<void> => {
      hold ??= await heldBytes.take(wanted, signal);
    };
    let hasRead = false;
    return {
      makeRoom,
      done,
      async files(kinds, signal) {
        // Another AI reads them anew, and what the one before has read is no longer held.
        if (hasRead) done();
        hasRead = true;
        await makeRoom(signal);
        const found = await read(kinds, signal);
        hold?.shrinkTo(heldIn(found));
        return found;
      },
    };
  };
  return (request) => {
    const { portalId, contactId, ticketId } = request;
    const { client, aiFields } = portal(portalId);
    const { contact, ticket } = aiFields;
    return {
      ...(contact.length === 0
        ? {}
        : {
            customer: fields('contact', contact, async () =>
              contactId === null ? null : await client.contactProperties(contactId, contact),
            ),
          }),
      ...(ticket.length === 0
        ? {}
        : {
            ticket: fields('ticket', ticket, async () =>
              ticketId === null ? null : await client.ticketProperties(ticketId, ticket),
            ),
          }),
      ...(request.attachments.length === 0
        ? {}
        : withRoom(request, (kinds, signal) => readFiles(client, request, kinds, signal))),
    };
  };
};
