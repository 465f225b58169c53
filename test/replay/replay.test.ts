import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { OUTCOMES } from '../../src/runs/outcomes.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const folder = new URL('histories/', import.meta.url);
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const history = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

// Every run in flight at a deployment is replayed by the new code: it must do what the old code did.
describe('a recorded run replays with today’s workflow code', () => {
  // By one Worker: each takes longer to start than a history to replay.
  const errors = new Map<string, Error | undefined>();
  beforeAll(async () => {
    await temporal.workerConnection();
    const histories = names.map((name) => ({ workflowId: name, history: history(name) }));
    for await (const { workflowId, error } of Worker.runReplayHistories(temporal.workflows, histories)) {
      errors.set(workflowId, error);
    }
  });

  it.each(names)('%s', (name) => {
    expect(errors.has(name)).toBe(true);
    expect(errors.get(name)).toBeUndefined();
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
