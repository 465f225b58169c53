import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { installRuntime, MetricsNotServed } from '../../src/temporal/runtime.ts';

describe('installRuntime', () => {
  const lines: string[] = [];
  const signals = () => ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
  const signalsBefore = signals();
  installRuntime(pino({ level: 'info' }, { write: (line: string) => lines.push(line) }));
  afterAll(() => Runtime.instance().shutdown());
  const logged = () => {
    Runtime.instance().flushLogs();
    return lines.splice(0).map((line) => JSON.parse(line));
  };

  it('logs what the SDK says with its level and fields', () => {
    Runtime.instance().logger.warn('Task timed out', { workflowId: 'message:1:2-3' });
    expect(logged()).toEqual([
      expect.objectContaining({ level: 40, msg: 'Task timed out', workflowId: 'message:1:2-3' }),
    ]);
  });

  it('logs an error with its message and stack', () => {
    Runtime.instance().logger.error('Worker failed', { error: new TypeError('no more polling') });
    expect(logged()).toEqual([
      expect.objectContaining({
        level: 50,
        err: expect.objectContaining({ type: 'TypeError', message: 'no more polling' }),
      }),
    ]);
  });

  it('leaves out whole tasks, which the SDK logs at trace: they hold payloads', () => {
    const jobs = [{ resolveActivity: { result: { data: Buffer.from('hidden').toString('base64') } } }];
    Runtime.instance().logger.info('Got workflow activation', { runId: 'r', jobs });
    const [line] = logged();
    expect(line).toMatchObject({ msg: 'Got workflow activation', runId: 'r' });
    expect(line).not.toHaveProperty('jobs');
  });

  it('leaves out the token with which anyone could end the task', () => {
    Runtime.instance().logger.warn('Looked in vain', { taskToken: 'CiQwMWEy', attempt: 1 });
    const [line] = logged();
    expect(line).toMatchObject({ attempt: 1 });
    expect(line).not.toHaveProperty('taskToken');
  });

  it('keeps quiet about what the SDK says at every start', () => {
    const { logger } = Runtime.instance();
    logger.warn('No workflows registered, not polling for workflow tasks');
    logger.info('No Nexus services registered, not polling for Nexus tasks');
    logger.info('Worker state changed', { state: 'RUNNING' });
    expect(logged()).toEqual([]);
  });

  it('logs an attempt that failed with its reasons, and without a stack', () => {
    const error = new Error('no answer', { cause: new TypeError('fetch failed') });
    Runtime.instance().logger.warn('Activity failed', { error, activityType: 'post', attempt: 2 });
    const [line] = logged();
    expect(line).toMatchObject({
      level: 40,
      msg: 'Activity failed',
      activityType: 'post',
      attempt: 2,
      reason: 'no answer: fetch failed',
    });
    expect(JSON.stringify(line)).not.toContain('runtime.test.ts');
  });

  it('leaves signals to the process', () => {
    expect(signals()).toEqual(signalsBefore);
  });

  it('says in one line that metrics have no place, and which setting to change', async () => {
    await Runtime.instance().shutdown();
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as AddressInfo;
    for (const prometheusAddress of [`127.0.0.1:${port}`, 'localhost:9464']) {
      expect(() => installRuntime(pino({ level: 'silent' }), { prometheusAddress })).toThrow(MetricsNotServed);
      expect(() => installRuntime(pino({ level: 'silent' }), { prometheusAddress })).toThrow(
        /^Metrics can't be served on \S+ \([^)]+(\(os error \d+\))?\): set WORKER_METRICS_ADDRESS to .*\.$/,
      );
    }
    taken.close();
  });
});
