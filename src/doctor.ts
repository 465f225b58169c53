import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { answerHelp, WRONG_CALL } from './command-line.ts';
import { loadProcessConfig } from './config.ts';
import { examineSettings } from './doctor/examination.ts';
import { isHealthy, renderJson, renderText } from './doctor/render.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';

answerHelp('doctor');

// What was written must be out before the process ends, and a connection that hangs must not keep it.
const end = (stream: NodeJS.WriteStream, text: string, code: number): void => {
  stream.write(text, () => process.exit(code));
};

const readArguments = () => {
  try {
    return parseArgs({
      options: { json: { type: 'boolean', default: false }, notify: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    return error as Error;
  }
};

const values = readArguments();
if (values instanceof Error) {
  end(process.stderr, `${values.message.split('\n')[0]}. Usage: npm run doctor [-- --json --notify]\n`, WRONG_CALL);
} else {
  const findings = await examineSettings({
    readConfig: loadProcessConfig,
    readTemporal: readTemporalSettings,
    sendsNotification: values.notify,
  });
  const text = values.json ? renderJson(findings) : renderText(findings, pc);
  end(process.stdout, text, isHealthy(findings) ? 0 : 1);
}
