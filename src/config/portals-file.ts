import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { AiConfig } from '../ai/ai-config.ts';
import { portalIdSchema } from '../hubspot/id-schemas.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { AUTONOMY_LEVELS, assisted } from '../rules/speaking/autonomy.ts';
import { type AiReader, aiBackend } from './ai.ts';
import { AUTONOMOUS, autonomyInFile } from './autonomy.ts';
import { csatInFile, csatSettings } from './csat.ts';
import { plainAdvice, problemsIn } from './errors.ts';
import { escalationContent, problemsByLine, toRules } from './escalation.ts';
import { handoffInFile, handoffSettings } from './handoff.ts';
import { notifyInFile, notifyOf } from './notify.ts';
import type { Portals } from './portal.ts';
import { actorId, fieldNames, portalFields, toSettings } from './portal-fields.ts';
import { INSTEAD, required, text, yamlFlag } from './primitives.ts';
import { secretList } from './secrets.ts';
import { surenessInFile, surenessSettings } from './sureness.ts';

const DOMAIN = /^(?:\*|(?:\*\.)?[a-zA-Z\d-]+(?:\.[a-zA-Z\d-]+)+)$/;
/** Signatures by the domain of the address that a mail goes out from. */
const signatures = z
  .record(z.string().regex(DOMAIN), text('the text below mails from there'), {
    error: ({ code }) =>
      code === 'invalid_key'
        ? 'must be a domain, such as support.example.com, *.example.com or *'
        : 'must be signatures by domain',
  })
  .transform((byDomain) =>
    Object.fromEntries(Object.entries(byDomain).map(([domain, signature]) => [domain.toLowerCase(), signature])),
  );

const portalInFileSchema = z.strictObject({
  portalId: portalIdSchema.describe('The HubSpot account id.'),
  accessToken: required("the app's access token (pat-…)").describe("The app's access token (pat-…)."),
  aiActorId: actorId.describe('The user that the AI speaks as: A- and its user id.'),
  clientSecret: secretList
    .optional()
    .describe("The app's client secret, which signs the webhooks. Without it HUBSPOT_CLIENT_SECRET counts."),
  autonomy: autonomyInFile.default(AUTONOMOUS).meta({
    description: 'How far the AI may go: one level for every channel, or levels by channel, default for the others.',
    [INSTEAD]: { type: 'string', enum: AUTONOMY_LEVELS },
  }),
  minConfidence: surenessInFile.minConfidence.meta({
    description:
      'How sure the AI must be before its answer is sent: one number for every channel, ' +
      'or numbers by channel, with default for the others.',
    [INSTEAD]: { type: 'number', minimum: 0, maximum: 1 },
  }),
  lowConfidence: surenessInFile.lowConfidence.describe(
    'What happens with an answer that is less sure, or lacks the source that it needs.',
  ),
  requireSources: surenessInFile.requireSources.meta({
    description:
      'true: an answer is sent only if the AI names the article that it comes from. It can be set by channel.',
    [INSTEAD]: { type: 'boolean' },
  }),
  aiCommands: yamlFlag(true).describe('true: agents command the AI by internal comments that begin with /ai.'),
  assistMode: yamlFlag(false).describe('true: never answer the customer, leave drafts as internal comments.'),
  ticketingEnabled: yamlFlag(true).describe("true: bring changed ticket properties into the conversation's session."),
  replyAll: yamlFlag(false).describe("true: the people in To and Cc of the customer's mail also get the AI's answer."),
  signatures: signatures
    .default({})
    .describe(
      "The text below the AI's mails, by the domain that they go out from, such as *.example.com. * is for all others.",
    ),
  colleaguesByDomain: yamlFlag(true).describe(
    "true: who mails from the domain of one of the portal's mailboxes is a colleague. false where customers have addresses there.",
  ),
  aiBackend: aiBackend.optional().describe('Who answers here, instead of AI_BACKEND.'),
  instructionsFile: text('a path')
    .optional()
    .describe('A markdown file that says what the AI is to do here, instead of INSTRUCTIONS_FILE.'),
  toolsFile: text('a path')
    .optional()
    .describe('A YAML file of tools that a language model may use here, instead of TOOLS_FILE.'),
  aiContactFields: fieldNames.describe("Internal names of the contact's properties that a language model may read."),
  aiTicketFields: fieldNames.describe("The same of the thread's ticket."),
  aiReadsNotes: yamlFlag(false).describe("true: the AI sees agents' internal comments on the thread."),
  escalation: escalationContent.optional().describe('When the AI is not asked, or its answer is not sent by itself.'),
  handoff: handoffInFile.describe('What happens with a thread that the AI hands to agents.'),
  csat: csatInFile.describe('Whether customers are asked for a rating.'),
  notify: notifyInFile.optional().describe('Who outside of HubSpot is notified of what.'),
  ...portalFields,
});

/** `PORTALS_FILE` holds this. Each field says what it is, for editors too (`schemas/portals.schema.json`). */
export const portalsFileContent = z.strictObject({
  portals: z
    .array(portalInFileSchema, { error: 'must be a list of portals' })
    .min(1, 'lists no portal')
    .describe('The portals, each with its own settings.'),
});

const portalsFileSchema = z
  .record(z.string(), z.unknown(), { error: 'must hold a list named portals' })
  .pipe(portalsFileContent);

/** A line for each problem; of rules, which may be many, with the line of the file. */
const problemsOf = (error: z.ZodError, yaml: string, prefix: string): string[] =>
  error.issues.flatMap((issue) => {
    const alone = new z.ZodError([issue]);
    return issue.path[2] === 'escalation' ? problemsByLine(alone, yaml, prefix) : problemsIn(alone, prefix);
  });

/**
 * The portals of the file, or what is wrong with it, a line each. `sharedSecrets` are those of portals that have none
 * of their own.
 */
export const readPortalsFile = (path: string, sharedSecrets: string[], aiOf: AiReader): Portals | string[] => {
  let content: unknown;
  let yaml = '';
  try {
    yaml = readFileSync(path, 'utf8');
    content = parseYaml(yaml);
  } catch (error) {
    return [`PORTALS_FILE ${path} can't be read: ${(error as Error).message.split('\n')[0]}`];
  }
  const parsed = portalsFileSchema.safeParse(content, { error: plainAdvice });
  if (!parsed.success) return problemsOf(parsed.error, yaml, `PORTALS_FILE ${path}:`);
  const problems: string[] = [];
  const seen = new Set<PortalId>();
  const ais = new Map<PortalId, AiConfig>();
  for (const { portalId, clientSecret, aiBackend } of parsed.data.portals) {
    if (aiBackend) {
      const ai = aiOf(aiBackend, `the aiBackend of portal ${portalId}`);
      if (Array.isArray(ai)) problems.push(...ai);
      else ais.set(portalId, ai);
    }
    if (seen.has(portalId)) problems.push(`PORTALS_FILE ${path}: portal ${portalId} is listed twice`);
    seen.add(portalId);
    if (!clientSecret && sharedSecrets.length === 0) {
      problems.push(
        `PORTALS_FILE ${path}: portal ${portalId} has no clientSecret, and HUBSPOT_CLIENT_SECRET is not set`,
      );
    }
  }
  if (problems.length > 0) return problems;
  return {
    portals: parsed.data.portals.map(
      ({
        accessToken,
        portalId,
        aiActorId,
        autonomy,
        assistMode,
        minConfidence,
        lowConfidence,
        requireSources,
        aiCommands,
        ticketingEnabled,
        replyAll,
        signatures,
        aiContactFields,
        aiTicketFields,
        aiReadsNotes,
        colleaguesByDomain,
        escalation,
        handoff,
        csat,
        notify,
        instructionsFile,
        toolsFile,
        ...fields
      }) => {
        const ai = ais.get(portalId);
        const notifying = notifyOf(notify);
        return {
          accessToken,
          aiFields: { contact: aiContactFields, ticket: aiTicketFields },
          settings: {
            portalId,
            aiActorId,
            autonomy: assistMode ? assisted(autonomy) : autonomy,
            sureness: surenessSettings({ minConfidence, lowConfidence, requireSources }),
            aiCommands,
            ticketingEnabled,
            handoff: handoffSettings(handoff, ticketingEnabled),
            ...csatSettings(csat),
            replyAll,
            aiReadsNotes,
            colleaguesByDomain,
            signatures,
            ...notifying?.settings,
            ...toSettings(fields),
          },
          ...(ai ? { ai } : {}),
          ...(escalation ? { escalation: toRules(escalation) } : {}),
          ...(notifying ? { notify: notifying.target } : {}),
          ...(instructionsFile === undefined ? {} : { instructionsFile: resolve(instructionsFile) }),
          ...(toolsFile === undefined ? {} : { toolsFile: resolve(toolsFile) }),
        };
      },
    ),
    webhookSecrets: [
      // A portal with a secret of its own is not spoken for by the shared one.
      ...sharedSecrets.map((secret) => ({
        secret,
        portalIds: parsed.data.portals.filter((portal) => !portal.clientSecret).map((portal) => portal.portalId),
      })),
      ...parsed.data.portals.flatMap(({ portalId, clientSecret }) =>
        (clientSecret ?? []).map((secret) => ({ secret, portalIds: [portalId] })),
      ),
    ],
  };
};
