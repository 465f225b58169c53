import { existsSync, readFileSync } from 'node:fs';
import pc from 'picocolors';
import { asCalled, readCall } from './command-line.ts';
import { loadProcessConfig } from './config.ts';
import { environmentFileFindings } from './doctor/env-file.ts';
import { examineSettings } from './doctor/examination.ts';
import { isHealthy, renderJson, renderText } from './doctor/render.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';

const { values } = readCall('doctor', {
  options: { json: { type: 'boolean', default: false }, notify: { type: 'boolean', default: false } },
});

// What was written must be out before the process ends, and a connection that hangs must not keep it.
const end = (stream: NodeJS.WriteStream, text: string, code: number): void => {
  stream.write(text, () => process.exit(code));
};

const findings = [
  ...(existsSync('.env') ? environmentFileFindings(readFileSync('.env', 'utf8')) : []),
  ...(await examineSettings({
    readConfig: loadProcessConfig,
    readTemporal: readTemporalSettings,
    sendsNotification: values.notify,
  })),
];
const text = values.json ? renderJson(findings) : renderText(findings, pc);
end(process.stdout, asCalled(text), isHealthy(findings) ? 0 : 1);
