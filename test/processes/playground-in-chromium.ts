import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { hasChromium, startChromium } from '../support/chromium.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** WCAG 2.2 at level AA, and what axe itself recommends. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** A worker that follows a killed one waits for a lock, and a busy machine takes its time. In ms. */
const PATIENCE_MS = 90_000;
/** A scene has several runs one after the other, and a person's time to read between them. In ms. */
const SCENE_PATIENCE_MS = 200_000;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A person at the page. */
class Visitor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** As the customer; Enter sends in a chat. */
  async writes(text: string): Promise<void> {
    await this.page.getByLabel('Message as the customer').fill(text);
    await this.page.getByLabel('Message as the customer').press('Enter');
    await this.eventOf(text).first().waitFor();
  }

  /** What the timeline tells of the events of a message, the newest first. */
  eventOf(text: string): Locator {
    return this.page.locator('.event.customer', { hasText: text });
  }

  async sees(locator: Locator, timeout = PATIENCE_MS): Promise<void> {
    await locator.first().waitFor({ timeout });
  }

  async seesRunOf(text: string, state: string): Promise<void> {
    await this.sees(this.page.locator(`.event[data-run=${state}]`, { hasText: text }));
  }

  /** What the customer got that holds these words. */
  async repliesWith(words: string): Promise<number> {
    return await this.page.locator('#customer .theirs', { hasText: words }).count();
  }

  async clicks(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Chooses what a switch is set to, and waits until the demo has it. */
  async sets(name: string, value: string): Promise<void> {
    const taken = this.page.waitForResponse('**/playground/switches');
    await this.page.locator(`select[name=${name}]`).selectOption(value);
    await taken;
  }
}

/** What is shown of a demo when a test has failed. */
const LAST_LINES = 40;

/**
 * What a visitor of the playground can do, in a real browser; skipped where there is none. One demo for all of it, its
 * page at `url`.
 */
export const describePlayground = (demo: () => { url: string; output: string }): void => {
  (hasChromium ? describe : describe.skip)('the playground in Chromium', () => {
    let browser: Browser;
    let visitor: Visitor;
    let page: Page;
    const problems: string[] = [];
    let failed: string | null = null;
    /**
     * Each step begins where the one before has ended: after one that failed, the others would wait for what can't
     * come, each for its whole patience.
     */
    const step = (name: string, take: () => Promise<void>): void =>
      it(name, async () => {
        if (failed !== null) throw new Error(`It was not tried, since an earlier step has failed: ${failed}`);
        try {
          await take();
        } catch (error) {
          failed = name;
          const shown = await page.locator('body').textContent({ timeout: 5_000 }).catch(String);
          const output = demo().output.split('\n').slice(-LAST_LINES).join('\n');
          const message = `${(error as Error).message}\n\nThe page:\n${shown}\n\nThe demo:\n${output}`;
          throw new Error(message, { cause: error });
        }
      });
    beforeAll(async () => {
      browser = await startChromium();
      // Axe is put into the page, which its policy would refuse.
      page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
      page.setDefaultTimeout(PATIENCE_MS);
      page.on('pageerror', ({ message }) => problems.push(message));
      visitor = new Visitor(page);
      await page.goto(demo().url);
      await visitor.sees(page.getByText('Worker running'));
    });
    afterAll(async () => {
      await browser?.close();
    });

    step('opens on a new chat, ready to type, beside the conversations that the demo has played', async () => {
      expect(await visitor.repliesWith('')).toBe(0);
      await visitor.sees(page.locator('textarea:focus'));
      expect(await page.locator('textarea:focus').getAttribute('placeholder')).toBe('Write a message…');
      expect(await page.locator('.conversation').count()).toBeGreaterThan(3);
      expect(await page.locator('.conversation[aria-current]').count()).toBe(0);
      await visitor.sees(page.getByText('No event yet'));
    });

    step(
      'opens the conversation that its address names, and a new one where the demo has none of that name',
      async () => {
        await page.locator('.conversation', { hasText: 'Sam Rivera' }).click();
        await visitor.sees(page.locator('h3', { hasText: 'Sam Rivera' }));
        await visitor.sees(page.locator('#owner', { hasText: 'Dana Wells' }));
        await page.waitForURL(/#thread-\d+$/);
        await page.reload();
        await visitor.sees(page.locator('h3', { hasText: 'Sam Rivera' }));
        await page.evaluate('location.hash = "#thread-1"');
        await visitor.sees(page.getByText('This demo has no conversation 1.'));
        await page.getByText('Start a chat').waitFor();
        await visitor.clicks('New chat');
        await page.waitForURL(new URL(demo().url).href);
      },
    );

    step('answers in chat, and shows the event, its run, and the way to it in the Temporal Web UI', async () => {
      await visitor.writes('How long does the shipping take, please?');
      await visitor.seesRunOf('How long does the shipping take, please?', 'replied');
      expect(await visitor.repliesWith('2 to 4 working days')).toBe(1);
      const href = await visitor
        .eventOf('How long does the shipping take, please?')
        .getByRole('link')
        .getAttribute('href');
      expect(href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/message:62515:/);
    });

    step('stays silent once the agent has taken over, and says why', async () => {
      // By keyboard.
      await page.locator('#take-over').press('Enter');
      await visitor.sees(page.locator('#owner', { hasText: 'You' }));
      const line = page.locator('.caption');
      await visitor.sees(line.getByText('You own this conversation now. Write as the customer'));
      await visitor.sees(page.locator('#silence', { hasText: 'The AI stays silent: you own this conversation.' }));
      await visitor.writes('Is anybody there?');
      // Its run still waits for more words, and nothing says that an answer is on the way.
      expect(await page.locator('.writing').count()).toBe(0);
      await visitor.sees(line.getByText('Take over'));
      await visitor.seesRunOf('Is anybody there?', 'skipped');
      expect(await visitor.eventOf('Is anybody there?').textContent()).toContain('owned-by-human');
      await visitor.sees(line.getByText('The AI has stayed silent.'));
    });

    step('answers again once the agent has given back', async () => {
      await visitor.clicks('Give back to the AI');
      await visitor.sees(page.locator('#owner', { hasText: 'The AI' }));
      // The run that notes the new owner ends a moment later.
      await page.locator('#silence').waitFor({ state: 'detached', timeout: PATIENCE_MS });
      // It is looked for from the beginning: the reply comes soon.
      await Promise.all([visitor.sees(page.locator('.writing')), visitor.writes('How long is the warranty?')]);
      await visitor.sees(page.locator('.caption').getByText('Give back'));
      await visitor.seesRunOf('How long is the warranty?', 'replied');
    });

    step('shows the same event again as a duplicate, and nothing happens twice', async () => {
      await visitor.eventOf('How long is the warranty?').getByRole('button', { name: 'Deliver again' }).first().click();
      await visitor.sees(page.locator('.event[data-became=duplicate]'));
      expect(await visitor.repliesWith('two years')).toBe(1);
    });

    step('keeps a message whose worker is killed, and answers it once when a worker is back', async () => {
      const told = (await page.locator('.worker small').textContent()) ?? '';
      const pid = Number(/\d+/.exec(told)?.[0]);
      expect(isAlive(pid)).toBe(true);
      await visitor.clicks('kill -9');
      await visitor.sees(page.getByText('Worker killed'));
      expect(isAlive(pid)).toBe(false);
      await visitor.writes('Do you ship to Norway?');
      await visitor.sees(
        visitor.eventOf('Do you ship to Norway?').getByText('safe in Temporal until a worker is back'),
      );
      expect(await visitor.repliesWith('Norway')).toBe(0);
      await visitor.clicks('Start again');
      await visitor.seesRunOf('Do you ship to Norway?', 'replied');
      expect(await page.locator('#customer .theirs').count()).toBe(3);
    });

    step('replies once when HubSpot’s answer to the reply was lost', async () => {
      await page.getByLabel('HubSpot’s API').selectOption('lost-answer');
      await visitor.sees(page.getByText('HubSpot’s answers to posts get lost.'));
      await visitor.writes('How do I reset my password?');
      await visitor.seesRunOf('How do I reset my password?', 'replied');
      expect(await page.locator('#customer .theirs').count()).toBe(4);
      const told = 'HubSpot received 1 POST: found, not repeated';
      await visitor.sees(visitor.eventOf('How do I reset my password?').getByText(told));
      await visitor.clicks('Repair everything');
      await visitor.sees(page.locator('select[name=hubspot]').and(page.locator(':has(option:checked[value=none])')));
    });

    for (const [fault, told, question] of [
      ['rate-limit', 'HubSpot answers 429.', 'How do I cancel an order?'],
      ['server-error', 'HubSpot answers 500.', 'When do I get my refund?'],
    ] as const)
      step(`tries again while HubSpot fails (${fault}), and replies once it is mended`, async () => {
        const replies = page.locator('#customer .theirs');
        const before = await replies.count();
        await page.getByLabel('HubSpot’s API').selectOption(fault);
        await visitor.sees(page.getByText(told));
        await visitor.writes(question);
        await visitor.sees(visitor.eventOf(question).getByText('Retrying'));
        await visitor.clicks('Repair everything');
        await visitor.seesRunOf(question, 'replied');
        expect(await replies.count()).toBe(before + 1);
        expect(await visitor.eventOf(question).textContent()).toMatch(/took \d+ attempts/);
      });

    step('waits for an AI that is down, and replies once it is back', async () => {
      await page.getByText('The AI is down', { exact: true }).click();
      await visitor.sees(page.getByText('The AI is down.'));
      await visitor.writes('How do I delete my account?');
      await visitor.sees(visitor.eventOf('How do I delete my account?').getByText('generateReply, attempt'));
      await visitor.clicks('Repair everything');
      await visitor.seesRunOf('How do I delete my account?', 'replied');
    });

    step('leaves drafts in Assist Mode, a setting that takes effect at once', async () => {
      await visitor.sets('autonomy', 'draft');
      await visitor.writes('How do gift cards work?');
      await visitor.seesRunOf('How do gift cards work?', 'drafted');
      await visitor.sees(page.getByRole('button', { name: 'Use as my reply' }));
      await visitor.sets('autonomy', 'auto');
    });

    step('does not show a refused command as a success', async () => {
      await page.locator('#agent .segments').getByText('Internal comment').click();
      await page.locator('#agent textarea').fill('/ai dance');
      await visitor.clicks('Comment');
      const command = page.locator('.event.comment', { hasText: '/ai dance' });
      await visitor.sees(command.locator('.badge.warn', { hasText: 'Command refused' }));
      expect(await command.locator('.badge.good').count()).toBe(0);
    });

    step('keeps the tour’s ticks when another conversation is opened and the page is loaded again', async () => {
      const ticked = page.locator('.tour .done', { hasText: 'Ask a question' });
      await page.getByRole('button', { name: 'Ask a question' }).click();
      await visitor.sees(ticked);
      await visitor.clicks('New chat');
      expect(await ticked.count()).toBe(1);
      await page.reload();
      await visitor.sees(ticked);
    });

    step('asks once what a customer means, and hands off in the language of one whom no article answers', async () => {
      await page.getByRole('button', { name: /Say too little/ }).click();
      await visitor.sees(page.locator('#customer .theirs', { hasText: '2. How much does shipping cost?' }));
      await visitor.writes('2');
      await visitor.sees(page.locator('#customer .theirs', { hasText: 'Standard shipping costs' }));
      await page.getByRole('button', { name: /in German/ }).click();
      await visitor.sees(page.locator('#customer .theirs', { hasText: 'Jemand meldet sich hier bei Ihnen' }));
      await visitor.seesRunOf('Kann ich die blaue Lampe dimmen?', 'handed-off');
    });

    step('shows that an email waits for a correction', async () => {
      await page.getByText('Email', { exact: true }).first().click();
      await visitor.clicks('New email');
      // A busy machine takes seconds until the page shows a run.
      await visitor.sets('emailDelayMs', '5000');
      await page.getByLabel('Message as the customer').fill('How can I pay?');
      await visitor.clicks('Send');
      await visitor.sees(visitor.eventOf('How can I pay?').getByText('for a correction, 5 s'));
      await visitor.seesRunOf('How can I pay?', 'replied');
      await visitor.sets('emailDelayMs', '2000');
    });

    for (const [title, told] of [
      ['A customer in a hurry', 'The customer has written three messages and got one reply.'],
      ['Two people on a thread', 'It sends the second answer to Ben’s address.'],
      ['A loop with another help desk', 'It hands the thread to agents, and the loop has ended.'],
    ] as const)
      step(`plays a scene by itself: ${title}`, async () => {
        await visitor.clicks(title);
        await visitor.sees(page.locator('.caption', { hasText: /The end|Stopped/ }), SCENE_PATIENCE_MS);
        expect(await page.locator('.caption').textContent()).toContain(told);
      });

    step('has ended the loop with a handoff, after as many replies as the scene allows', async () => {
      expect(await page.locator('#customer .theirs', { hasText: 'Source:' }).count()).toBe(2);
      expect(await page.locator('.event[data-run=handed-off]').count()).toBe(1);
      expect(await page.locator('.event[data-run=skipped]', { hasText: 'Your request has number' }).count()).toBe(1);
    });

    step('shows the runs that a run has started, each with the way to it', async () => {
      const handOff = page.locator('.event[data-run=handed-off] .follow-ups li[data-type=handOff]');
      await visitor.sees(handOff);
      expect(await handOff.getByRole('link').getAttribute('href')).toMatch(/\/workflows\/handoff:62515:/);
    });

    step('plays a scene by itself: HubSpot is down for a minute, or until someone repairs it', async () => {
      await visitor.clicks('HubSpot is down for a minute');
      await visitor.sees(page.locator('.caption', { hasText: '2 of 4' }));
      await visitor.sees(page.locator('.event', { hasText: 'Do you ship to Norway?' }).getByText(/next try at \d/));
      await visitor.sees(page.locator('.conversation', { hasText: 'The reply is waiting …' }));
      await visitor.clicks('Repair everything');
      await visitor.sees(page.locator('.caption', { hasText: 'The end' }));
      expect(await page.locator('#customer .theirs').count()).toBe(1);
    });

    it('shows the conversation, its events and the switches on one screen of 1440 × 900, also while something is broken', async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      for (const isBroken of [false, true]) {
        if (isBroken) {
          await page.getByText('The AI is down', { exact: true }).click();
          await visitor.sees(page.locator('.banner'));
        }
        for (const pane of ['#customer', '#agent', '#timeline', '#switches']) {
          const box = await page.locator(pane).boundingBox();
          expect([pane, box !== null && box.y >= 0 && box.y + box.height <= 900]).toEqual([pane, true]);
        }
      }
      await visitor.clicks('Repair everything');
    });

    it.each([
      ['at first', null],
      ['on a conversation whose AI is silent', 'Sam Rivera'],
    ] as const)(
      'has its links on one line, and the message box on the first screen of a phone, %s',
      async (_, name) => {
        const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
        phone.setDefaultTimeout(PATIENCE_MS);
        await phone.goto(demo().url);
        if (name !== null) {
          await phone.locator('.conversation', { hasText: name }).click();
          await phone.locator('#silence').waitFor();
          await phone.evaluate('scrollTo(0, 0)');
        }
        const send = await phone.locator('#customer button[type=submit]').boundingBox();
        const jump = await phone.locator('.jump').boundingBox();
        expect((send?.y ?? 0) + (send?.height ?? 0)).toBeLessThan(jump?.y ?? 0);
        for (const id of ['agent', 'timeline', 'customer']) {
          const address = phone.url();
          await phone.locator(`.jump a[href="#${id}"]`).click();
          if (name !== null) await phone.locator('h3', { hasText: name }).waitFor();
          expect(phone.url()).toBe(address);
          expect(await phone.evaluate('document.activeElement.id')).toBe(id);
        }
        // At one moment: the page may still be scrolling.
        const tops = (await phone.evaluate(
          "[...document.querySelectorAll('.links a')].map((link) => link.getBoundingClientRect().top)",
        )) as number[];
        expect([tops.length, new Set(tops).size]).toEqual([3, 1]);
        await phone.close();
      },
    );

    /** Another page, whose calls to this path of the playground wait for `goOn`; `calls` are those that have begun. */
    const heldAt = async (path: string) => {
      const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const calls: string[] = [];
      const held = await browser.newPage();
      held.setDefaultTimeout(PATIENCE_MS);
      await held.route(`**/playground/${path}`, async (route) => {
        calls.push(route.request().url());
        begun.resolve();
        await released.promise;
        await route.continue();
      });
      await held.goto(demo().url);
      await held.locator('textarea:focus').waitFor();
      return { held, calls, begun: begun.promise, goOn: released.resolve };
    };

    it('keeps the words that are typed, and the conversation that is opened, while a message is on its way', async () => {
      const { held, calls, begun, goOn } = await heldAt('messages');
      const field = held.getByLabel('Message as the customer');
      await field.fill('How long is the warranty?');
      await field.press('Enter');
      await begun;
      await field.press('Enter');
      await field.pressSequentially('And');
      await held.locator('.conversation', { hasText: 'Sam Rivera' }).click();
      await held.locator('h3', { hasText: 'Sam Rivera' }).waitFor();
      await held.waitForURL(/#thread-\d+$/);
      const address = held.url();
      const answered = held.waitForResponse('**/playground/messages');
      goOn();
      await (await answered).finished();
      // The page hears of this answer after that one.
      await held.evaluate("fetch('/playground/state').then((answer) => answer.text())");
      expect([await field.inputValue(), held.url(), calls.length]).toEqual(['And', address, 1]);
      await held.close();
    });

    it('stays on the conversation that is opened while it looks for one that the demo does not have', async () => {
      const { held, begun, goOn } = await heldAt('state?thread=1');
      await held.evaluate('location.hash = "#thread-1"');
      await begun;
      await held.locator('.conversation', { hasText: 'Sam Rivera' }).click();
      goOn();
      await held.locator('h3', { hasText: 'Sam Rivera' }).waitFor();
      expect(await held.locator('#problem').isVisible()).toBe(false);
      await held.close();
    });

    it.each([
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const)('meets WCAG AA and fits the screen at %d px, %s', async (width, colorScheme) => {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: AXE });
      const { violations } = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`)) as AxeResults;
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ target }) => String(target))])).toEqual([]);
      const tooWide = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(tooWide).toBe(0);
    });

    it('has thrown no error', () => {
      expect(problems).toEqual([]);
    });
  });
};
