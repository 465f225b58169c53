import { defineSignal, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import type { NotedMode } from '../../sessions/store.ts';
import { type activitiesOf, askSessions, type SessionCalls } from './activity-options.ts';

/**
 * Tells a run that someone else has touched its thread: a new owner, or an agent's message. Only a hint, and safe to send
 * by hand: the run breaks off what it asked the AI and looks at the thread again.
 */
export const threadChanged = defineSignal('threadChanged');

/**
 * Marks the thread's session, and tells the run that asks the AI there, if one does. Who owns the thread is for HubSpot to
 * say; this only makes the run ask at once rather than right before it posts.
 * @returns the workflow ID of the run that was told, or `null`
 */
export const noteTakeover = async (
  { sessionCalls }: ReturnType<typeof activitiesOf>,
  noted: NotedMode,
): Promise<string | null> => {
  const note = (sessions: SessionCalls) => sessions.noteMode(`${noted.mode} speaks now`, noted);
  const asking = await askSessions(note, () => note(sessionCalls));
  return noted.mode === 'ai' ? null : await tellOfChange(asking);
};

/**
 * Has a run look at its thread again ({@link threadChanged}).
 * @returns its workflow ID, or `null` where there is none, or it has ended
 */
export const tellOfChange = async (asking: string | null): Promise<string | null> => {
  if (asking === null) return null;
  try {
    await getExternalWorkflowHandle(asking).signal(threadChanged);
    return asking;
  } catch (error) {
    if (isCancellation(error)) throw error;
    // It has ended by now, so it can't talk over anyone.
    return null;
  }
};
