import { randomBytes } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { isChannelName } from '../../hubspot/channels.ts';
import { portalIdSchema, threadIdSchema } from '../../hubspot/id-schemas.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import type { TestQuestions } from '../../temporal/test-questions.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { confirmPart, nothingPart, resultsPart } from './act-pages.ts';
import type { FormKeys } from './action-forms.ts';
import { ACTIONS, type Act, type Action, type DoAct, type Item } from './actions.ts';
import { conversationPart } from './conversation-page.ts';
import { conversationsPart } from './conversations-page.ts';
import type { Desk } from './desk.ts';
import { draftsBar, draftsPart } from './drafts.ts';
import { evalCase } from './eval-case.ts';
import { searchIn } from './filter.ts';
import { type Around, deskPage } from './frame.ts';
import { ACT_PATH, CONVERSATIONS_PATH, DRAFTS_PATH, OPS_PATH, SETTINGS_PATH, TEST_PATH } from './paths.ts';
import { itemIn } from './run-parts.ts';
import { type ShownSetting, settingsPart } from './settings-part.ts';
import type { TemporalLinks } from './temporal-links.ts';
import { type TestForm, testedPart, testForm } from './test-page.ts';

/** Everything that the pages beside the first one show and do. */
export interface DeskParts {
  desk: Desk;
  act: DoAct;
  tests: TestQuestions;
  portals: () => Promise<readonly PortalId[]>;
  settings: readonly ShownSetting[];
}

/** What a page knows of its visit, and how it is sent. */
export interface Visiting {
  links: TemporalLinks;
  logger: Logger;
  /** Only for those who have signed in: others get to sign in. */
  signedIn: RequestHandler;
  /** Only what a page of the visit has sent. */
  fromOurPage: RequestHandler;
  around(request: Request): Around;
  send(response: Response, status: number, page: Html): void;
}

/** More than so many at once is a script's work, not a person's. */
const MOST_ITEMS = 50;
const DRAFTS_ON_PAGE = 25;
/** A page that waits for the AI looks again after so many seconds. */
const LOOK_AGAIN_S = 2;
/** Words of a draft may be as long as a mail, and each character take several bytes on the way. */
const FORM_LIMIT = '256kb';

const ONCE = /^[\w-]{8,64}$/;
const TEST_ID = /^[\w-]{8,64}$/;

const newOnce = (): string => randomBytes(12).toString('base64url');

/** Who did it, as it stands in stories and comments: a claim, since all share one token. */
export const byOf = (name: string | null): string => (name === null ? 'an operator on /ops' : `${name} on /ops`);

const fieldsOf = (request: Request) => {
  const body = (request.body ?? {}) as Record<string, unknown>;
  return {
    one: (name: string): string => {
      const value = body[name];
      return typeof value === 'string' ? value : '';
    },
    all: (name: string): unknown[] => [body[name] ?? []].flat(),
  };
};

const textFor = (action: Action, one: (name: string) => string): string => {
  // A confirmed form carries it as one field.
  if (one('confirmed') === 'yes') return one('text');
  if (action === 'edit') return one('words');
  if (action === 'pause') return one('length');
  return action === 'handoff' ? one('why').trim().slice(0, 500) : '';
};

/** What a form wants, or why it wants nothing that could be done. */
const actIn = (request: Request, by: string): Act | { wrong: string; action: Action | null } => {
  const { one, all } = fieldsOf(request);
  const action = ACTIONS.find((known) => known === one('action')) ?? null;
  const items = all('item').map(itemIn);
  if (action === null) return { wrong: 'the page sent no action that there is.', action };
  if (items.length === 0) return { wrong: 'nothing was chosen.', action };
  if (items.includes(null)) return { wrong: 'the page sent something that is no run.', action };
  if (items.length > MOST_ITEMS) return { wrong: `at most ${MOST_ITEMS} can be chosen at once.`, action };
  const text = textFor(action, one);
  if (action === 'edit' && (items.length > 1 || text.trim() === ''))
    return { wrong: 'write the words that are to go out, for one draft at a time.', action };
  const once = one('once');
  return { action, items: items as Item[], text, by, once: ONCE.test(once) ? once : newOnce() };
};

/** Adds the pages of drafts, conversations, tests and settings, and what can be done there. */
export const addDesk = (
  router: Router,
  { desk, act, tests, portals, settings }: DeskParts,
  { links, logger, signedIn, fromOurPage, around, send }: Visiting,
): void => {
  const form = express.urlencoded({ extended: false, limit: FORM_LIMIT, inflate: false });
  const keysOf = (request: Request): FormKeys => ({ formKey: around(request).formKey, once: newOnce() });
  const queryOf = (request: Request): URLSearchParams => new URL(request.originalUrl, 'http://localhost').searchParams;

  /** A page whose content has to be read: where that fails, it says so. */
  const reading =
    (
      title: string,
      current: string,
      show: (request: Request, response: Response) => Promise<Html | null>,
    ): RequestHandler =>
    async (request, response) => {
      try {
        const body = await show(request, response);
        if (body !== null)
          send(response, 200, deskPage({ title, current, address: request.originalUrl }, around(request), body));
      } catch (error) {
        logger.warn({ err: error }, 'A page of the desk could not be filled');
        const problem = html`<p role="alert" class="problem">Temporal or the session database doesn't answer: check that both are up. The log says which.</p>`;
        send(response, 503, deskPage({ title, current, address: request.originalUrl }, around(request), problem));
      }
    };

  const drafts = reading('Drafts to approve', DRAFTS_PATH, async (request) => {
    const [found, keys] = [await desk.drafts(DRAFTS_ON_PAGE), keysOf(request)];
    const choose = queryOf(request).get('choose') === 'all' ? 'all' : found.count > 1 ? 'some' : 'nothing';
    const bar = found.count > 1 ? draftsBar(keys, `${DRAFTS_PATH}?choose=all`) : NOTHING;
    return html`${bar}${draftsPart(found, keys, { now: around(request).now, choose })}`;
  });

  const conversations = reading('Conversations', CONVERSATIONS_PATH, async (request) => {
    const query = queryOf(request);
    const search = searchIn(query);
    const [found, known] = await Promise.all([desk.find(search), portals()]);
    return conversationsPart(search, found, keysOf(request), { portals: known, all: query.get('choose') === 'all' });
  });

  const conversation: RequestHandler = async (request, response, next) => {
    const portalId = portalIdSchema.safeParse(request.params.portalId);
    const threadId = threadIdSchema.safeParse(request.params.threadId);
    if (!portalId.success || !threadId.success) return next();
    await reading(`Thread ${threadId.data}`, CONVERSATIONS_PATH, async () => {
      const one = await desk.one(portalId.data, threadId.data);
      return conversationPart(one, keysOf(request), links);
    })(request, response, next);
  };

  const doAct: RequestHandler = async (request, response) => {
    const here = around(request);
    const wanted = actIn(request, byOf(here.name));
    const page = (status: number, title: string, body: Html): void =>
      send(response, status, deskPage({ title, current: ACT_PATH, address: CONVERSATIONS_PATH }, here, body));
    if ('wrong' in wanted) return page(400, 'Nothing was done', nothingPart(wanted.wrong, wanted.action));
    if (wanted.items.length > 1 && fieldsOf(request).one('confirmed') !== 'yes')
      return page(200, 'Do this to all of them?', confirmPart(wanted, here));
    const became = await act(wanted);
    const { action, items, by } = wanted;
    const [done, failed] = ['done', 'failed'].map((how) => became.filter((one) => one.how === how).length);
    logger.info({ action, by, items: items.length, done, failed }, 'An operator acted on the desk');
    page(200, 'What was done', resultsPart(wanted, became));
  };

  const formFor = async (request: Request, filled: Partial<TestForm>, problem: string | null = null): Promise<Html> => {
    const known = await portals();
    const form = { portals: known, portal: known[0] ?? '', channel: 'live chat', question: '', ...filled };
    return testForm(form, keysOf(request), problem);
  };

  const ask: RequestHandler = async (request, response, next) => {
    const { one } = fieldsOf(request);
    const [question, channel, given] = [one('question').trim(), one('channel'), one('once')];
    const portalId = portalIdSchema.safeParse(one('portal'));
    const fits =
      question !== '' && isChannelName(channel) && portalId.success && (await portals()).includes(portalId.data);
    await reading('Test a question', TEST_PATH, async () => {
      const filled = { question, channel, portal: one('portal') };
      if (!fits) return await formFor(request, filled, 'Write a question, and choose a portal and a channel.');
      const id = ONCE.test(given) ? given : newOnce();
      await tests.start({ portalId: portalId.data, channel, question, by: byOf(around(request).name) }, id);
      response.redirect(303, `${TEST_PATH}/${portalId.data}/${id}`);
      return null;
    })(request, response, next);
  };

  /** The tried question of an address; `null`: it is none. */
  const testedIn = async (request: Request) => {
    const portalId = portalIdSchema.safeParse(request.params.portalId);
    const id = String(request.params.id);
    return portalId.success && TEST_ID.test(id) ? await tests.read(portalId.data, id) : null;
  };

  const tested: RequestHandler = async (request, response, next) => {
    await reading('Test a question', TEST_PATH, async () => {
      const found = await testedIn(request);
      if (found === null) return html`<p>This question is not kept any more.</p>\n${await formFor(request, {})}`;
      const { asked, result, runId } = found;
      const path = request.path;
      const shown = testedPart(found, path, links.run(`test:${asked.portalId}:${String(request.params.id)}`, runId));
      const again = await formFor(request, {
        portal: asked.portalId,
        channel: asked.channel,
        question: asked.question,
      });
      const body = html`${shown}\n<h2>Try another</h2>\n${again}`;
      if (result !== null) return body;
      const page = { title: 'Test a question', current: TEST_PATH, address: path, refresh: LOOK_AGAIN_S };
      send(response, 200, deskPage(page, around(request), shown));
      return null;
    })(request, response, next);
  };

  const testCase: RequestHandler = async (request, response, next) => {
    const found = await testedIn(request);
    if (found === null || found.result === null || 'failed' in found.result) return next();
    response
      .set({
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Content-Disposition': 'attachment; filename="case.yaml"',
      })
      .type('application/yaml')
      .send(evalCase(found.asked, found.result));
  };

  router.get(DRAFTS_PATH, signedIn, drafts);
  router.get(CONVERSATIONS_PATH, signedIn, conversations);
  router.get(`${CONVERSATIONS_PATH}/:portalId/:threadId`, signedIn, conversation);
  // Who loads its answer again, or signs in there, sees what is now.
  router.get(ACT_PATH, (_request, response) => response.redirect(303, OPS_PATH));
  router.post(ACT_PATH, signedIn, form, fromOurPage, doAct);
  router.get(
    TEST_PATH,
    signedIn,
    reading('Test a question', TEST_PATH, async (request) => await formFor(request, {})),
  );
  router.post(TEST_PATH, signedIn, form, fromOurPage, ask);
  router.get(`${TEST_PATH}/:portalId/:id`, signedIn, tested);
  router.get(`${TEST_PATH}/:portalId/:id/case.yaml`, signedIn, testCase);
  router.get(
    SETTINGS_PATH,
    signedIn,
    reading('Settings in force', SETTINGS_PATH, async () => settingsPart(settings)),
  );
};
