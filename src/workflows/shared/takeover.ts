import { defineSignal, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import type { NotedMode } from '../../sessions/store.ts';
import { type activitiesOf, askSessions, type SessionCalls } from './activity-options.ts';

/**
 * Someone else has touched the thread of a run: it has a new owner, or an agent wrote. The run cancels its call of the AI and
 * reads the thread again. The signal decides nothing, so it is safe to send by hand.
 */
export const threadChanged = defineSignal('threadChanged');

/**
 * Marks the thread's session, and signals the run that asks the AI there, if one does. Only HubSpot knows who owns the thread;
 * the signal makes the run ask at once rather than right before it posts.
 * @returns the workflow ID of the run that was signalled, or `null`
 */
export const recordTakeover = async (
  { sessionCalls }: ReturnType<typeof activitiesOf>,
  noted: NotedMode,
): Promise<string | null> => {
  const note = (sessions: SessionCalls) => sessions.noteMode(`${noted.mode} speaks now`, noted);
  const asking = await askSessions(note, () => note(sessionCalls));
  return noted.mode === 'ai' ? null : await signalThreadChanged(asking);
};

/**
 * Makes a run read its thread again ({@link threadChanged}).
 * @returns its workflow ID, or `null` where there is none, or it has ended
 */
export const signalThreadChanged = async (asking: string | null): Promise<string | null> => {
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
