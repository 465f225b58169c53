import { describe, expect, it } from '@jest/globals';
import { examine } from '../../src/doctor/finding.ts';
import { payloadsCheck } from '../../src/doctor/payloads.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';

const look = (keys: readonly unknown[], address: string) => examine(payloadsCheck(keys, address), 1_000);

describe('what Temporal stores', () => {
  it.each([
    ['temporal.example.com:7233', 'warning'],
    ['10.0.0.7:7233', 'warning'],
    ['localhost.example.com:7233', 'warning'],
    ['localhost:7233', 'info'],
    ['127.0.0.1:7233', 'info'],
    ['[::1]:7233', 'info'],
  ])('in clear text at %s is a %s, which names the setting', async (address, level) => {
    const { message, remedy, ...found } = await look([], address);
    expect(found).toEqual({ check: 'payloads', level });
    expect(message).toMatch(/^What Temporal stores is not encrypted/);
    expect(`${message} ${remedy}`).toContain('PAYLOAD_KEYS');
    if (level === 'warning') expect(remedy).toContain('npm run keys');
  });

  it('is well where there are keys, which are counted and not shown', async () => {
    const text = ['2026-01-31', '2025-01-31'].map((day) => newPayloadKey(new Date(day))).join(',');
    const keys = readPayloadKeys(text) ?? [];
    expect(await look(keys, 'temporal.example.com:7233')).toEqual({
      check: 'payloads',
      level: 'ok',
      message:
        'What Temporal stores is encrypted by the first of 2 keys, which all decrypt. Clear text is ' +
        'accepted too, without PAYLOAD_ENCRYPTION=required.',
    });
    expect(await look(keys.slice(1), 'localhost:7233')).toMatchObject({
      level: 'ok',
      message: expect.stringMatching(/^What Temporal stores is encrypted by 1 key. /),
    });
    const required = await examine(payloadsCheck(keys, 'localhost:7233', { required: true }), 1_000);
    expect(required).toMatchObject({ level: 'ok', message: expect.stringMatching(/Clear text is refused\.$/) });
  });
});
