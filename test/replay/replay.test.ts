import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { OUTCOMES } from '../../src/runs/outcomes.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const folder = new URL('histories/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const history = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

// Every run in flight at a deployment is replayed by the new code: it must do what the old code did.
describe('a recorded run replays with today’s workflow code', () => {
  it.each(names)('%s', async (name) => {
    await temporal.workerConnection();
    await Worker.runReplayHistory(temporal.workflows, history(name));
  });

  it('and every outcome is among them', () => {
    const outcomes = names.flatMap((name) => {
      const [payload] = history(name).events.at(-1).workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
      return payload ? [JSON.parse(Buffer.from(payload.data, 'base64').toString()).outcome] : [];
    });
    expect(outcomes).toEqual(expect.arrayContaining([...OUTCOMES, 'synced']));
  });

  it('but not when the workflow does something else than the run did', async () => {
    const changed = history('reply-email.json');
    const timer = changed.events.find(
      (event: { timerStartedEventAttributes?: object }) => event.timerStartedEventAttributes,
    );
    Object.assign(timer, {
      eventType: 'EVENT_TYPE_MARKER_RECORDED',
      markerRecordedEventAttributes: { markerName: 'other' },
    });
    delete timer.timerStartedEventAttributes;
    await temporal.workerConnection();
    await expect(Worker.runReplayHistory(temporal.workflows, changed)).rejects.toBeInstanceOf(
      DeterminismViolationError,
    );
  });
});
