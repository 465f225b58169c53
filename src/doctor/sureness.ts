import type { AiConfig, Config } from '../config.ts';
import { LEAST_CONFIDENCE, type Sureness } from '../rules/escalation/sureness.ts';
import { type Check, info, ok, warning } from './finding.ts';

/** What answers of each AI come with. `http`: as its owner made it. */
const GIVES: Record<AiConfig['backend'], { confidence: boolean | null; sources: boolean | null }> = {
  knowledge: { confidence: true, sources: true },
  'openai-compatible': { confidence: true, sources: true },
  anthropic: { confidence: true, sources: true },
  opencx: { confidence: false, sources: false },
  http: { confidence: null, sources: null },
};

type AnsweringConfig = Pick<Config, 'ai' | 'aiFallbacks' | 'portals' | 'oauth'>;

/** Who may answer in a portal, and what its answers need. */
interface Answering {
  ais: readonly AiConfig[];
  sureness: Sureness | undefined;
}

const answeringIn = ({ ai, aiFallbacks, portals, oauth }: AnsweringConfig): Answering[] => [
  ...portals.map((portal) => ({ ais: [portal.ai ?? ai, ...aiFallbacks], sureness: portal.settings.sureness })),
  ...(oauth ? [{ ais: [ai, ...aiFallbacks], sureness: oauth.portalDefaults.sureness }] : []),
];

/** The AIs that answer where this is asked of them, and don't give it; `null`: it isn't known. */
const lacking = (
  answering: readonly Answering[],
  isAsked: (sureness: Sureness) => boolean,
  gives: 'confidence' | 'sources',
  how: false | null,
): string[] => {
  const asked = answering.filter(({ sureness }) => sureness && isAsked(sureness)).flatMap(({ ais }) => ais);
  return [...new Set(asked.map(({ backend }) => backend))].filter((backend) => GIVES[backend][gives] === how);
};

const someOf = (values: Readonly<Record<string, unknown>>): boolean => Object.values(values).some(Boolean);

/**
 * Whether the AIs can say what `MIN_CONFIDENCE` and `REQUIRE_SOURCES` ask for; no check where nobody asks for more than
 * by default.
 */
export const surenessChecks = (config: AnsweringConfig): Check[] => {
  const answering = answeringIn(config);
  const isSet = ({ minConfidence }: Sureness): boolean =>
    someOf(minConfidence) &&
    Object.entries(minConfidence).some(([channel, least]) => channel !== 'default' || least !== LEAST_CONFIDENCE);
  const wantsSources = ({ needsSources }: Sureness): boolean => someOf(needsSources);
  if (!answering.some(({ sureness }) => sureness && (isSet(sureness) || wantsSources(sureness)))) return [];
  return [
    {
      name: 'sure answers',
      whenSilent: 'Run doctor again.',
      run: () => {
        const unsourced = lacking(answering, wantsSources, 'sources', false);
        if (unsourced.length > 0) {
          return warning(
            `${unsourced.join(', ')} names no sources, so REQUIRE_SOURCES holds all of its answers back.`,
            'Set REQUIRE_SOURCES to false where it answers, or choose another AI_BACKEND.',
          );
        }
        const unmeasured = lacking(answering, isSet, 'confidence', false);
        if (unmeasured.length > 0) {
          return warning(
            `${unmeasured.join(', ')} reports no confidence, so MIN_CONFIDENCE holds none of its answers back.`,
            'Leave MIN_CONFIDENCE out where it answers, or let agents approve there: AUTONOMY=approve.',
          );
        }
        const unknown = [
          ...lacking(answering, isSet, 'confidence', null),
          ...lacking(answering, wantsSources, 'sources', null),
        ];
        return unknown.length > 0
          ? info('Not checked: whether the AI at AI_HTTP_URL gives "confidence" and "sources" with its answers.')
          : ok('The AI gives the confidence and the sources that answers need.');
      },
    },
  ];
};
