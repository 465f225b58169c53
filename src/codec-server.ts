import { listen } from './api/server.ts';
import { answerHelpOnly } from './command-line.ts';
import { loadCodecServerSettings } from './config.ts';
import { createLogger, logWarnings } from './logging.ts';
import { runProcess, UNTIL_STOPPED } from './processes/lifecycle.ts';
import { createCodecServer } from './temporal/codec-server.ts';
import { createPayloadCodec } from './temporal/payload-codec.ts';

answerHelpOnly('codec-server');

/** Shows the Temporal Web UI and the `temporal` command in clear text what Temporal stores encrypted. */
await runProcess(async (resources) => {
  const { payloadKeys, host, port, token, uiOrigins, warnings } = loadCodecServerSettings();
  const logger = createLogger({ level: 'info', pretty: process.stdout.isTTY });
  logWarnings(logger, warnings);
  // What stands in clear text is shown as it is: to see it is what people come for.
  const app = createCodecServer({ codec: createPayloadCodec(payloadKeys), token, uiOrigins });
  const listening = await listen(app, { port, host, setting: 'CODEC_SERVER_PORT' });
  resources.add(() => listening.close());
  logger.info(
    { url: listening.url, keys: payloadKeys.map(({ id }) => id), uiOrigins, authentication: token ? 'token' : 'none' },
    'Codec server listens',
  );
  return { work: UNTIL_STOPPED };
});
