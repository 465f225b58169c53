import { describe, expect, it } from '@jest/globals';
import { connectWorkers, TemporalUnreachable } from '../../src/temporal/connection.ts';
import { plainSettings, readTemporalSettings, TemporalSettingsError } from '../../src/temporal/envconfig.ts';
import { freePort } from '../support/free-port.ts';

const read = (overrideEnvVars: Record<string, string>, file?: string) =>
  readTemporalSettings({
    overrideEnvVars,
    ...(file === undefined ? { disableFile: true } : { configSource: { data: file } }),
  });

describe('readTemporalSettings', () => {
  it('takes the local server’s defaults where nothing is set', () => {
    expect(read({})).toEqual({
      address: 'localhost:7233',
      namespace: 'default',
      connectionOptions: { address: 'localhost:7233' },
    });
  });

  it('passes address, namespace and API key on', () => {
    const settings = read({ TEMPORAL_ADDRESS: 'temporal:7233', TEMPORAL_NAMESPACE: 'support', TEMPORAL_API_KEY: 'k' });
    expect(settings).toMatchObject({ address: 'temporal:7233', namespace: 'support' });
    expect(settings.connectionOptions).toMatchObject({ address: 'temporal:7233', apiKey: 'k', tls: true });
  });

  it('reads a profile of the configuration file, namespace included', () => {
    const file = '[profile.staging]\naddress = "staging:7233"\nnamespace = "support-staging"\n';
    expect(read({ TEMPORAL_PROFILE: 'staging' }, file)).toMatchObject({
      address: 'staging:7233',
      namespace: 'support-staging',
    });
  });

  it('refuses an address with a password in it, wherever it comes from, and never shows it', () => {
    const inFile = '[profile.default]\naddress = "https://bot:hunter2@temporal.example.com:7233"\n';
    for (const attempt of [() => read({}, inFile), () => read({ TEMPORAL_ADDRESS: 'bot:hunter2@temporal:7233' })]) {
      expect(attempt).toThrow(/^Temporal's settings can't be read: the address must be host:port((?!hunter2).)*$/);
    }
  });

  it('says in one line that a profile is not there', () => {
    expect(() => read({ TEMPORAL_PROFILE: 'nope' }, '[profile.default]\n')).toThrow(TemporalSettingsError);
    expect(() => read({ TEMPORAL_PROFILE: 'nope' }, '[profile.default]\n')).toThrow(
      /^Temporal's settings can't be read: .*nope.*$/,
    );
  });
});

describe('connectWorkers', () => {
  it('says in one line that the server can’t be reached, and why', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const refusal = connectWorkers(plainSettings(address));
    await expect(refusal).rejects.toThrow(TemporalUnreachable);
    await expect(refusal).rejects.toThrow(
      new RegExp(`^Temporal at ${address} can't be reached \\(Connection refused\\): .*$`),
    );
  });
});
