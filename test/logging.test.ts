import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../src/logging.ts';

const logging = (options: { level?: string; pretty?: boolean } = {}) => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { logger: createLogger({ level: 'info', destination, ...options }), lines };
};

describe('the log', () => {
  it('is one JSON object a line', () => {
    const { logger, lines } = logging();
    logger.info({ portalId: '1' }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, portalId: '1', msg: 'two\nlines' });
  });

  it('says no more than its level asks for', () => {
    const { logger, lines } = logging({ level: 'warn' });
    logger.info('no');
    logger.warn('yes');
    expect(lines).toHaveLength(1);
  });

  it('is for people at a terminal when it is pretty', () => {
    const { logger, lines } = logging({ pretty: true });
    logger.info(
      { port: 3000, host: 'localhost', sdkComponent: 'activity', namespace: 'n', isLocal: false },
      'Listening',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\].*INFO.*Listening.*3000.*localhost.*\n$/);
    expect(lines[0]).not.toMatch(/sdkComponent|isLocal|namespace/);
  });

  it.each([
    { accessToken: 'hidden' },
    { config: { clientSecret: 'hidden' } },
    { request: { headers: { authorization: 'Bearer hidden' } } },
    { message: { text: 'hidden', richText: 'hidden' } },
    { event: { input: { propertyValue: 'hidden' } } },
    { transcript: [{ text: 'hidden' }] },
  ])('holds no secret and no words of a customer: %j', (fields) => {
    const { logger, lines } = logging();
    logger.info(fields, 'something');
    expect(lines.join('')).toContain('[redacted]');
    expect(lines.join('')).not.toContain('hidden');
  });

  it('tells of an error what it is and why, and nothing that it carries', () => {
    const { logger, lines } = logging();
    const cause = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED', config: { key: 'hidden' } });
    logger.error({ err: Object.assign(new Error('no answer', { cause }), { response: 'hidden' }) }, 'Failed');
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
      type: 'Error',
      message: 'no answer',
      stack: expect.stringContaining('logging.test.ts'),
      cause: { type: 'TypeError', message: 'fetch failed', code: 'ECONNREFUSED' },
    });
    expect(lines.join('')).not.toContain('hidden');
  });

  it('survives what is no error, and an error that is its own cause', () => {
    const { logger, lines } = logging();
    const circular = new Error('round');
    circular.cause = circular;
    logger.error({ err: circular }, 'one');
    logger.error({ err: 'hidden' }, 'two');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain('hidden');
  });
});
