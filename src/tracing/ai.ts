import type { AiAnswer, AiBackend } from '../ai/backend.ts';
import type { PortalAis } from '../ai/index.ts';
import type { UseTools } from '../ai/steps.ts';
import type { Tracing } from './tracing.ts';

const traced = (tracing: Tracing, backend: AiBackend): AiBackend => {
  const asSpan = <Given extends AiAnswer | UseTools>(ask: () => Promise<Given>): Promise<Given> =>
    tracing.span('AI', { kind: 'client', attributes: { 'threadkeeper.ai.backend': backend.name } }, async () => {
      const given = await ask();
      tracing.note({
        'threadkeeper.ai.action': given.action,
        ...(given.usage
          ? {
              'gen_ai.usage.input_tokens': given.usage.inputTokens,
              'gen_ai.usage.output_tokens': given.usage.outputTokens,
            }
          : {}),
      });
      return given;
    });
  const { stepwise } = backend;
  return {
    ...backend,
    generate: (request, context) => asSpan(() => backend.generate(request, context)),
    ...(stepwise
      ? { stepwise: { ...stepwise, next: (request, context) => asSpan(() => stepwise.next(request, context)) } }
      : {}),
  };
};

/**
 * Makes each question to an AI, and each step of an answer, a span, with what it cost and what came of it: never what
 * was asked or answered.
 */
export const tracedAis = (tracing: Tracing, ais: PortalAis): PortalAis => ({
  ...ais,
  backendOf: (portalId) => traced(tracing, ais.backendOf(portalId)),
});
