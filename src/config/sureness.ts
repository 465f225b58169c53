import { z } from 'zod';
import { ESCALATION_ACTIONS } from '../rules/escalation/escalation.ts';
import { LEAST_CONFIDENCE, type Sureness } from '../rules/escalation/sureness.ts';
import { byChannel, partsByChannel } from './by-channel.ts';
import { numberAsText } from './primitives.ts';

const CONFIDENCE_ERROR = 'must be a number from 0 to 1, such as 0.7';
const confidence = z.preprocess(
  numberAsText,
  z
    .string({ error: CONFIDENCE_ERROR })
    .regex(/^(?:0|1|0?\.\d{1,4}|1\.0{1,4})$/, CONFIDENCE_ERROR)
    .transform(Number),
);

const confidences = byChannel(confidence, `${CONFIDENCE_ERROR}, or numbers by channel`).transform(
  ({ default: rest = LEAST_CONFIDENCE, ...channels }): Record<string, number> => ({ default: rest, ...channels }),
);

const FLAG_ERROR = 'must be true or false';
const flags = byChannel(z.boolean({ error: FLAG_ERROR }), `${FLAG_ERROR}, or these by channel`).transform(
  ({ default: rest = false, ...channels }): Record<string, boolean> => ({ default: rest, ...channels }),
);

/** Leaves what is neither to the schema that follows. */
const asFlag = (said: unknown): unknown => (said === 'true' ? true : said === 'false' ? false : said);

const flagsInText = z
  .string()
  .transform((text) =>
    Object.fromEntries(Object.entries(partsByChannel(text)).map(([channel, said]) => [channel, asFlag(said)])),
  )
  .pipe(flags);

const lowConfidence = z
  .enum(ESCALATION_ACTIONS, { error: 'must be handoff, draft or approve' })
  .default('handoff')
  .describe(
    'What happens with an answer that is less sure than `MIN_CONFIDENCE`, or that names no source ' +
      'although `REQUIRE_SOURCES` is on. `handoff`: the thread goes to agents. `draft`: the answer stays ' +
      "an internal comment. `approve`: the answer becomes an internal comment and waits for an agent's " +
      'approval.',
  );

/** What the environment says of the answers that are sent by themselves. */
export const surenessVariables = {
  MIN_CONFIDENCE: z
    .string()
    .transform(partsByChannel)
    .pipe(confidences)
    .default({ default: LEAST_CONFIDENCE })
    .meta({
      takes: '0 to 1, by channel',
      without: `\`${LEAST_CONFIDENCE}\``,
      description:
        'How sure the AI must be before its answer is sent. Give one number, or numbers by channel, as in ' +
        '`0.5, email=0.7`. With `0` every answer is sure enough. See [answers that are held ' +
        'back](autonomy.md#answers-that-are-held-back).',
    }),
  LOW_CONFIDENCE: lowConfidence,
  REQUIRE_SOURCES: flagsInText.default({ default: false }).meta({
    takes: '`true`, `false`, by channel',
    without: '`false`',
    description:
      'Whether an answer is sent only when the AI names the article that it comes from. It can be set by ' +
      'channel, as in `false, email=true`.',
  }),
};

/** Reads one value for all channels, or values by channel. */
const forAllOrByChannel = <Values extends z.ZodType>(values: Values) =>
  z.preprocess((said) => (typeof said === 'object' && said !== null ? said : { default: said }), values);

/** The same of a portal of `PORTALS_FILE`. */
export const surenessInFile = {
  minConfidence: forAllOrByChannel(confidences).default({ default: LEAST_CONFIDENCE }),
  lowConfidence,
  requireSources: forAllOrByChannel(flags).default({ default: false }),
};

/** Makes of it what the workflows know. */
export const surenessSettings = ({
  minConfidence,
  lowConfidence: otherwise,
  requireSources: needsSources,
}: z.infer<z.ZodObject<typeof surenessInFile>>): Sureness => ({ minConfidence, needsSources, otherwise });
