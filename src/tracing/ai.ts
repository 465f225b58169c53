import type { AiBackend } from '../ai/backend.ts';
import type { PortalAis } from '../ai/index.ts';
import type { Tracing } from './tracing.ts';

const traced = (tracing: Tracing, backend: AiBackend): AiBackend => ({
  ...backend,
  generate: (request, context) =>
    tracing.span('AI', { kind: 'client', attributes: { 'threadkeeper.ai.backend': backend.name } }, async () => {
      const answer = await backend.generate(request, context);
      tracing.note({
        'threadkeeper.ai.action': answer.action,
        ...(answer.usage
          ? {
              'gen_ai.usage.input_tokens': answer.usage.inputTokens,
              'gen_ai.usage.output_tokens': answer.usage.outputTokens,
            }
          : {}),
      });
      return answer;
    }),
});

/** Makes each question to an AI a span, with what it cost and what came of it: never what was asked or answered. */
export const tracedAis = (tracing: Tracing, ais: PortalAis): PortalAis => ({
  ...ais,
  backendOf: (portalId) => traced(tracing, ais.backendOf(portalId)),
});
