import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { AiAnswer, AiBackend, GenerateContext, HandoffCause, ReplyRequest, Source } from '../../ai/backend.ts';
import { type AnswerRules, safeReason, whyNotSendable, withRealLanguage } from '../../ai/check-answer.ts';
import { leakIn } from '../../ai/check-input.ts';
import { AiUnavailable, AiUnreadable } from '../../ai/errors.ts';
import type { PortalAis } from '../../ai/index.ts';
import { smallTalkIn } from '../../ai/knowledge/small-talk.ts';
import { unclickable } from '../../ai/links.ts';
import { type Prices, type Spent, sumOfUsage } from '../../ai/prices.ts';
import { handoffOfFiles, isOnlyFiles, kindsOf } from '../../ai/unread-files.ts';
import { longestText } from '../../hubspot/channels.ts';
import { withoutMarkers } from '../../hubspot/markers.ts';
import type { Escalation } from '../../rules/escalation/escalation.ts';
import { replyBody } from '../../rules/replying/post-body.ts';
import type { AiLimit } from '../../rules/speaking/ai-limits.ts';
import type { SessionStore } from '../../sessions/store.ts';
import { withFailures } from '../failures.ts';
import { heartbeatWhile } from '../heartbeats.ts';
import { type AdmissionOptions, type AdmittedCall, createAdmission } from './ai-admission.ts';
import type { EscalationOf, OneEscalation } from './ai-escalation.ts';
import type { AiReading, OneReading } from './ai-reading.ts';
import { type Ask, asWanted, type ToolsWanted } from './ai-steps.ts';
import { noteUsage } from './ai-usage.ts';
import { type ToolsOf, WITHOUT_TOOLS } from './caller-tools.ts';

/**
 * An answer, and what it took where the AI said. `limit`: the AI was not asked, for it has reached that. `escalation`:
 * a rule of the portal's keeps it from being sent as it is. `unsent`: the text of an answer that a rule made a handoff.
 */
export type Answered = AiAnswer & { spent?: Spent; limit?: AiLimit; escalation?: Escalation; unsent?: string };

export interface AiActivities {
  /**
   * Asks the portal's AI, unless an escalation rule hands the message over, or one of its limits is reached: then it
   * comes back as a handoff. An answer that can't be sent (see `whyNotSendable`) comes back as a handoff, and so does
   * the third one that can't be read. With `agent`, an AI that answers in steps makes the next one.
   */
  generateReply(ask: Ask): Promise<Answered | ToolsWanted>;
}

/** Well within an attempt, whose rest is for the AI. */
const ROOM_MS = 80_000;

/**
 * Waits for room for an answer's files. @throws {AiUnavailable} where there is none in time: the next attempt waits
 * again
 */
const inTurn = async (makeRoom: OneReading['makeRoom']): Promise<void> => {
  const signal = cancellationSignal();
  try {
    await makeRoom?.(AbortSignal.any([signal, AbortSignal.timeout(ROOM_MS)]));
  } catch (error) {
    signal.throwIfAborted();
    throw new AiUnavailable('Other answers hold all the room that there is for files', { cause: error });
  }
};

/** A model that can't keep to the form at the third attempt won't at the tenth, and the customer waits. */
const MOST_UNREADABLE = 3;

/**
 * Takes from an AI's answer what may not go out: no marker of ours (it would silence or fake us), and nothing that the
 * rules forbid. They look at what will be posted, its sources included; where only these make it too long for its
 * channel, they are left out.
 */
export const sendable = (given: AiAnswer, request: ReplyRequest, rules: AnswerRules): AiAnswer => {
  const answer = withRealLanguage(given);
  const { email } = request.contact;
  if (answer.action === 'handoff') {
    return { ...answer, reason: safeReason(withoutMarkers(answer.reason), rules, email) };
  }
  const allowed = { domains: rules.linkDomains, email };
  const asSent = (text: string): string => withoutMarkers(unclickable(withoutMarkers(text), allowed));
  const text = asSent(answer.text);
  // A page where replies may not lead is named all the same, and not linked to.
  const placed = (path: string): string => (asSent(path) === path ? path : path.replace(/^https?:\/\//i, ''));
  const titled = answer.sources.map(({ title, path }) => ({ title: asSent(title), path: placed(path) }));
  const isTooLong = replyBody(text, { sources: titled }).text.length > longestText(request.channel);
  const sources = isTooLong ? [] : titled;
  const reason =
    whyNotSendable(text, request, rules, replyBody(text, { sources })) ??
    (sources.length === 0
      ? null
      : whyNotSendable(sources.map(({ title }) => title).join('\n'), { ...request, transcript: [] }, rules));
  if (reason === null) return { ...answer, text, sources, ...claimsOf(answer, sources, request) };
  return { action: 'handoff', reason, cause: 'not-sendable', aiSessionId: answer.aiSessionId };
};

/** What an answer says that needs a source, where that doesn't show any more, or the AI has no words for it. */
const claimsOf = (
  { sources: given }: Extract<AiAnswer, { action: 'reply' }>,
  left: readonly Source[],
  { questions, attachments }: ReplyRequest,
): Pick<AiAnswer, 'claims'> => {
  if (given.length > left.length) return { claims: 'what-its-sources-say' };
  const isCourtesy = attachments.length === 0 && questions.every((question) => smallTalkIn(question) !== null);
  return isCourtesy ? { claims: 'nothing' } : {};
};

/** Adds to an answer which files nobody read, for agents: a backend that says nothing of attachments has read none. */
const withUnreadFiles = (answer: AiAnswer, { attachments }: ReplyRequest): AiAnswer =>
  attachments.length === 0 ? answer : { ...answer, unreadFiles: answer.unreadFiles ?? kindsOf(attachments) };

/** Both count tokens of the same call: the one that knows of more of them is right. */
const moreOf = (a: AiAnswer['usage'], b: AiAnswer['usage']): AiAnswer['usage'] => {
  const tokens = (usage: AiAnswer['usage']): number => (usage ? usage.inputTokens + usage.outputTokens : -1);
  return tokens(a) >= tokens(b) ? a : b;
};

/** What the words alone say of language and sentiment, where the AI doesn't: agents sort by it. */
const withNotes = <Answer extends AiAnswer>(answer: Answer, { language, sentiment }: OneEscalation): Answer =>
  answer.action === 'reply'
    ? answer
    : { ...(language === null ? {} : { language }), ...(sentiment === null ? {} : { sentiment }), ...answer };

/** The answer as a rule lets it go on. What the AI hands over by itself goes to agents, whatever else a rule wants. */
const heldBy = (answer: Answered, escalation: Escalation | null): Answered => {
  if (escalation === null) return answer;
  if (answer.action === 'handoff') return escalation.as === 'handoff' ? { ...answer, escalation } : answer;
  if (escalation.as !== 'handoff') return { ...answer, escalation };
  const { text: unsent, sources, confidence: _, ...rest } = answer;
  const consulted = sources.map(({ title }) => title);
  return { ...rest, action: 'handoff', reason: escalation.why, cause: 'rule', escalation, unsent, consulted };
};

const NO_RULES: OneEscalation = {
  language: null,
  sentiment: null,
  before: async () => null,
  after: async () => null,
};

/** `prices`: `null` where they aren't known, and tokens alone are counted. `limits`: `null` where there are none. */
export const createAiActivities = (
  ais: PortalAis,
  sessions: SessionStore,
  reading: AiReading,
  prices: Prices | null,
  limits: Pick<AdmissionOptions, 'limitsOf' | 'maxOutputTokens'> | null = null,
  escalationOf: EscalationOf = () => NO_RULES,
  toolsOf: ToolsOf = async () => WITHOUT_TOOLS,
): AiActivities => {
  const admit = createAdmission({ limitsOf: () => null, maxOutputTokens: 0, ...limits, sessions, prices });
  const spending = async (request: ReplyRequest, usage: AiAnswer['usage']): Promise<{ spent?: Spent }> =>
    usage === undefined ? {} : { spent: await noteUsage(request, usage, prices, sessions) };
  /** The answer of a call that was let through; recorded, whatever comes of it. */
  const answerTo = async (
    { agent, ...request }: Ask,
    backend: AiBackend,
    admitted: AdmittedCall,
  ): Promise<Answered | ToolsWanted> => {
    const linkDomains = ais.linkDomainsOf(request.portalId);
    const { published = [], unquotable = [], stepwise } = backend;
    // The steps before may have been made by another process, with a word of its own.
    const confidential = [...(backend.confidential ?? []), ...(agent?.ground ? [agent.ground.canary] : [])];
    const rules = { confidential, linkDomains, published, unquotable };
    const { files, makeRoom, done, ...records } = reading(request);
    const { aiSessionId } = request;
    const handoff = (reason: string, cause: HandoffCause): Answered => ({
      action: 'handoff',
      reason,
      cause,
      aiSessionId,
    });
    const inFiles: string[] = [];
    let ofSteps: AiAnswer['usage'];
    let tools = WITHOUT_TOOLS;
    try {
      const answer = await heartbeatWhile(async () => {
        if (backend.readsFiles) await inTurn(makeRoom);
        const context: GenerateContext = {
          ...records,
          ...(files
            ? {
                files: async (kinds, signal) => {
                  const read = await files(kinds, signal);
                  inFiles.push(...read.flatMap(({ content }) => (content?.kind === 'text' ? content.text : [])));
                  return read;
                },
              }
            : {}),
          signal: cancellationSignal(),
          rememberAiSession: (aiSessionId) =>
            sessions.rememberAiSession(request.portalId, request.threadId, aiSessionId),
          noteStep: (took) => {
            ofSteps = sumOfUsage(ofSteps, took);
          },
        };
        if (!agent || !stepwise) return await backend.generate(request, context);
        tools = await toolsOf(request);
        return await stepwise.next(request, { ...context, progress: agent, offers: tools.offers });
      });
      const usage = moreOf(answer.usage, ofSteps);
      if (answer.action === 'use-tools') {
        const spent = await spending(request, usage);
        await admitted.answered(usage !== undefined);
        const { ground, usage: _, ...wanted } = answer;
        // What the model was given in confidence leaves by no tool either.
        const calls = asWanted(wanted.calls, tools, (input) => leakIn(input, rules, request.contact.email));
        if (calls === null)
          return { ...handoff('the AI would have given a tool something confidential', 'not-sendable'), ...spent };
        const isNew = JSON.stringify(ground) !== JSON.stringify(agent?.ground);
        return { ...wanted, calls, ...(isNew ? { ground } : {}), ...spent };
      }
      // What a customer wrote into a file is as much their own words as a message is.
      const asked = { ...request, questions: [...request.questions, ...inFiles] };
      const checked = withUnreadFiles(sendable(answer, asked, rules), request);
      const { instructions } = answer;
      const spent = await spending(request, usage);
      await admitted.answered(usage !== undefined);
      return { ...checked, ...(instructions === undefined ? {} : { instructions }), ...spent };
    } catch (error) {
      const usage = moreOf(error instanceof AiUnreadable ? error.usage : undefined, ofSteps);
      const spent = await spending(request, usage);
      await admitted.failed(error, usage !== undefined);
      if (!(error instanceof AiUnreadable) || activityInfo().attempt < MOST_UNREADABLE) throw error;
      return { ...handoff(error.message, 'ai-failed'), ...spent };
    } finally {
      done?.();
    }
  };
  return withFailures({
    async generateReply(request: Ask): Promise<Answered | ToolsWanted> {
      const backend = ais.backendOf(request.portalId);
      const { agent } = request;
      const isLater = agent !== undefined && agent.steps.length > 0;
      const rules = escalationOf(request);
      const notAsked = (cause: HandoffCause, reason: string, rest: { escalation?: Escalation } = {}): Answered =>
        withNotes({ action: 'handoff', reason, cause, aiSessionId: request.aiSessionId, ...rest }, rules);
      const escalation = isLater ? null : await heartbeatWhile(rules.before);
      if (escalation?.as === 'handoff') return notAsked('rule', escalation.why, { escalation });
      if (!backend.readsFiles && isOnlyFiles(request)) return notAsked('files', handoffOfFiles(request));
      const inSteps = agent && backend.stepwise ? (isLater ? 'later' : 'first') : undefined;
      const admitted = await admit(request, inSteps);
      if ('limit' in admitted) return withNotes(admitted, rules);
      const answer = await answerTo(request, backend, admitted);
      if (answer.action === 'use-tools') return escalation === null ? answer : { ...answer, held: true };
      return withNotes(heldBy(answer, await heartbeatWhile(() => rules.after(answer))), rules);
    },
  });
};
