import { describe, expect, it } from '@jest/globals';
import type { AiAnswer } from '../../../src/ai/backend.ts';
import type { Message } from '../../../src/hubspot/conversation.ts';
import type { ActorId } from '../../../src/hubspot/ids.ts';
import type { Escalation, EscalationAction } from '../../../src/rules/escalation/escalation.ts';
import { unreadFilesBody } from '../../../src/rules/replying/post-body.ts';
import { type Post, whatToPost } from '../../../src/rules/replying/what-to-post.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import { everywhere, fromCustomer, settings } from '../../support/messages.ts';

const answer = (text = 'It ships tomorrow.', sources: { title: string; path: string }[] = []): AiAnswer => ({
  action: 'reply',
  text,
  sources,
  confidence: null,
  aiSessionId: null,
});

describe('whatToPost', () => {
  it('sends the answer back where the message came from', () => {
    const post = whatToPost(answer(), fromCustomer(), settings());
    expect(post).toMatchObject({ outcome: 'replied', to: { channelId: '1000' } });
    expect(post.reason).toBeUndefined();
  });

  it('names the sources of the answer', () => {
    const post = whatToPost(answer('Yes.', [{ title: 'Returns', path: 'returns.md' }]), fromCustomer(), settings());
    expect(post.words.text).toBe('Yes.\n\nSource: Returns');
  });

  it('carries the marker in richText only, where no customer reads it', () => {
    const { words } = whatToPost(answer(), fromCustomer(), settings());
    expect(words.text).toBe('It ships tomorrow.');
    expect(words.richText).toBe('<p>It ships tomorrow.</p><!-- OpenCX-AI-Response -->');
  });

  it('writes HTML that shows the AI’s words as they are, tags included', () => {
    const { words } = whatToPost(answer('a < b & "c"\n<script>alert(1)</script>\n\nnext'), fromCustomer(), settings());
    expect(words.richText).toBe(
      '<p>a &lt; b &amp; &quot;c&quot;<br>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>next</p><!-- ' +
        'OpenCX-AI-Response -->',
    );
  });

  it('signs emails for the address that they go out from, drafts included, and nothing else', () => {
    const signatures = { 'help.example.com': 'Your **help desk**', '*': 'Kind regards' };
    const mail = fromCustomer({ channelId: '1002', mail: { to: 'desk@help.example.com', others: [] } });
    const written = (message: Message, changes: Partial<PortalSettings> = {}) =>
      whatToPost(
        answer('Yes.', [{ title: 'Returns', path: 'returns.md' }]),
        message,
        settings({ signatures, ...changes }),
      ).words;
    expect(written(mail).text).toBe('Yes.\n\nSource: Returns\n\nYour help desk');
    expect(written(mail).richText).toContain('<p>Your <strong>help desk</strong></p>');
    expect(written(mail, everywhere('draft')).text).toMatch(/^AI draft .*\n\nYes[\s\S]*\n\nYour help desk$/);
    const { mail: _, ...unknown } = mail;
    expect(written(unknown).text).toMatch(/\n\nKind regards$/);
    expect(written({ ...mail, channelId: '1000' }).text).toBe('Yes.\n\nSource: Returns');
    expect(written(mail, { signatures: {} }).text).toBe('Yes.\n\nSource: Returns');
  });

  describe('is no longer than its channel takes, with all that is added', () => {
    const sources = [{ title: 'Returns, refunds and exchanges of orders', path: 'returns.md' }];
    const sentences = (length: number) => 'Lamps ship soon. '.repeat(length / 17 + 1).slice(0, length);
    const written = (length: number, message: Message = fromCustomer()) =>
      whatToPost(answer(sentences(length), sources), message, settings({ signatures: { '*': 'Kind regards' } }));

    it.each([
      ['names its sources where there is room', 1_940, /soon\. La\n\nSource: Returns, refunds/],
      ['leaves its sources out where there is none', 1_990, /^(Lamps ship soon\. )+L$/],
      ['ends with a sentence where it goes on', 2_600, /ship soon\. …$/],
    ])('a chat answer %s', (_, length, expected) => {
      const { outcome, words } = written(length);
      expect(outcome).toBe('replied');
      expect(words.text).toMatch(expected);
      expect(words.text.length).toBeLessThanOrEqual(2_000);
      expect(words.text.length).toBeGreaterThan(1_900);
    });

    it('nor is a mail, below which the signature stays', () => {
      const { words } = written(19_995, fromCustomer({ channelId: '1002' }));
      expect(words.text).toMatch(/ship soon\. …\n\nKind regards$/);
      expect(words.text.length).toBeLessThanOrEqual(20_000);
    });

    it('but an agent’s own words go out as they are', () => {
      const { onApproval } = whatToPost(answer(), fromCustomer(), settings(everywhere('approve')));
      expect(onApproval?.('x'.repeat(2_100)).words.text).toHaveLength(2_100);
    });
  });

  it('drafts the HTML that it would send', () => {
    const draft = whatToPost(answer('**Yes.**'), fromCustomer(), settings(everywhere('draft')));
    expect(draft.words).toEqual({
      text: 'AI draft (Assist Mode):\n\nYes.',
      richText: '<p>AI draft (Assist Mode):</p><p><strong>Yes.</strong></p><!-- OpenCX-AI-Response -->',
    });
  });

  it('only drafts in Assist Mode, as a comment that agents can recognise', () => {
    const post = whatToPost(answer(), fromCustomer(), settings(everywhere('draft')));
    expect(post).toMatchObject({ outcome: 'drafted', to: null, reason: 'Assist Mode' });
    expect(post.words.text).toBe('AI draft (Assist Mode):\n\nIt ships tomorrow.');
    expect(post.words.richText).toContain('<!-- OpenCX-AI-Response -->');
  });

  it('only drafts where HubSpot’s API can’t send', () => {
    const post = whatToPost(answer(), fromCustomer({ channelId: '1007' }), settings());
    expect(post).toMatchObject({ outcome: 'drafted', to: null, reason: expect.stringMatching(/whatsapp/) });
  });

  it('hands off with a comment that begins with the handoff marker and gives the reason', () => {
    const post = whatToPost(
      { action: 'handoff', reason: 'nothing in the knowledge base fits', aiSessionId: null },
      fromCustomer(),
      settings(),
    );
    expect(post).toMatchObject({ outcome: 'handed-off', to: null, reason: 'nothing in the knowledge base fits' });
    expect(post.words.text).toBe('🔄 AI decided to handoff\n\nReason: nothing in the knowledge base fits');
  });

  it('drafts what agents have to approve, and says what goes out once they have', () => {
    const signatures = { '*': 'Kind regards' };
    const mail = fromCustomer({ channelId: '1002', mail: { to: 'desk@help.example.com', others: [] } });
    const by = settings({ ...everywhere('approve'), signatures });
    const post = whatToPost(answer('Yes.', [{ title: 'Returns', path: 'returns.md' }]), mail, by);
    expect(post).toMatchObject({ outcome: 'drafted', to: null });
    expect(post.words.text).toBe(
      'AI draft (for approval: comment /ai send, /ai edit and your own words, or /ai skip):\n\nYes.\n\nSource: ' +
        'Returns\n\nKind regards',
    );
    const sent = post.onApproval?.(null);
    expect(sent).toMatchObject({ outcome: 'replied', to: { channelId: '1002' } });
    expect(sent).toEqual(
      whatToPost(answer('Yes.', [{ title: 'Returns', path: 'returns.md' }]), mail, settings({ signatures })),
    );
    expect(post.onApproval?.('No.').words.text).toBe('No.\n\nKind regards');
  });

  it('names no command to agents where there are none', () => {
    const post = whatToPost(answer(), fromCustomer(), settings({ ...everywhere('approve'), aiCommands: false }));
    expect(post.words.text).toBe('AI draft (for approval):\n\nIt ships tomorrow.');
  });

  it.each([
    ['could not be sent', fromCustomer({ channelId: '1007' }), null],
    ['may not be sent today', fromCustomer(), 'the budget is spent'],
  ])('waits for nobody’s approval of what %s', (_, message, onlyDrafts) => {
    const post = whatToPost(answer(), message, settings(everywhere('approve')), onlyDrafts);
    expect(post.outcome).toBe('drafted');
    expect(post.onApproval).toBeUndefined();
  });

  it('keeps to itself in the shadow, be it a reply or a handoff', () => {
    const handoff: AiAnswer = { action: 'handoff', reason: 'asks for a human', aiSessionId: null };
    for (const given of [answer(), handoff]) {
      const post = whatToPost(given, fromCustomer(), settings(everywhere('shadow')));
      expect(post).toMatchObject({ outcome: 'drafted', shadow: true, to: null, reason: 'shadow mode' });
    }
    expect(whatToPost(answer(), fromCustomer(), settings(everywhere('shadow'))).words.text).toBe('It ships tomorrow.');
  });

  it('hands off in Assist Mode too', () => {
    const handoff: AiAnswer = { action: 'handoff', reason: 'r', aiSessionId: null };
    expect(whatToPost(handoff, fromCustomer(), settings(everywhere('draft'))).outcome).toBe('handed-off');
  });
});

it('tells agents the kinds of the files that an answer was given without, in a comment that is known as ours', () => {
  const { text, richText } = unreadFilesBody(['pdf', 'voice recording']);
  expect(text).toContain('(pdf, voice recording)');
  expect(richText).toMatch(/<!-- OpenCX-AI-Response -->$/);
});

describe('whatToPost, of an answer that is held back', () => {
  const sureness = (otherwise: EscalationAction, channel = {}): Partial<PortalSettings> => ({
    sureness: { minConfidence: { default: 0.5, ...channel }, needsSources: { default: false }, otherwise },
  });
  const guess = { ...answer(), confidence: 0.4 } as AiAnswer;
  const rule = (as: EscalationAction): Escalation => ({
    as,
    reason: 'rule-property',
    why: 'the escalation rule “VIP” holds',
    assignTo: 'A-9' as ActorId,
  });
  const reasonOf = (post: Post) => [post.outcome, post.escalation?.reason, post.onApproval === undefined];

  it.each<[EscalationAction, Post['outcome'], boolean]>([
    ['handoff', 'handed-off', true],
    ['draft', 'drafted', true],
    ['approve', 'drafted', false],
  ])('for its confidence: LOW_CONFIDENCE=%s', (otherwise, outcome, isFinal) => {
    const post = whatToPost(guess, fromCustomer(), settings(sureness(otherwise)));
    expect(reasonOf(post)).toEqual([outcome, 'low-confidence', isFinal]);
    expect(post.reason).toContain("the AI's confidence in its answer is 0.4, and live chat needs 0.5");
    expect(post.words.text).toContain("the AI's confidence in its answer is 0.4");
    expect(post.to).toBeNull();
  });

  it('by what its own channel needs', () => {
    const mail = fromCustomer({ channelId: '1002' });
    const careful = settings(sureness('handoff', { email: 0.3, 'live chat': 0.4 }));
    expect(whatToPost(guess, mail, careful).outcome).not.toBe('handed-off');
    expect(whatToPost(guess, fromCustomer(), careful).outcome).toBe('replied');
    expect(whatToPost(guess, mail, settings(sureness('handoff', { email: 0.41 }))).outcome).toBe('handed-off');
  });

  it('is for the agent to judge where agents approve, who read why', () => {
    const post = whatToPost(guess, fromCustomer(), settings({ ...sureness('handoff'), ...everywhere('approve') }));
    expect(reasonOf(post)).toEqual(['drafted', 'low-confidence', false]);
    expect(post.words.text).toMatch(/for approval: .*; the AI's confidence in its answer is 0\.4/);
    expect(post.onApproval?.(null)).toMatchObject({ outcome: 'replied', escalation: { reason: 'low-confidence' } });
  });

  it('says why in Assist Mode too, and stays what it is in shadow mode', () => {
    const drafted = whatToPost(guess, fromCustomer(), settings({ ...sureness('handoff'), ...everywhere('draft') }));
    expect(drafted).toMatchObject({ outcome: 'drafted', reason: expect.stringMatching(/^Assist Mode; the AI's conf/) });
    const shadow = whatToPost(guess, fromCustomer(), settings({ ...sureness('handoff'), ...everywhere('shadow') }));
    expect(shadow).toMatchObject({ shadow: true, reason: 'shadow mode' });
  });

  it.each<[EscalationAction, EscalationAction, Post['outcome'], string]>([
    ['approve', 'handoff', 'handed-off', 'low-confidence'],
    ['draft', 'approve', 'drafted', 'rule-property'],
    ['approve', 'approve', 'drafted', 'rule-property'],
  ])('by a rule (%s) and for its confidence (%s): by the stricter', (byRule, otherwise, outcome, reason) => {
    const held = { ...guess, escalation: rule(byRule) };
    const post = whatToPost(held, fromCustomer(), settings(sureness(otherwise)));
    expect(reasonOf(post).slice(0, 2)).toEqual([outcome, reason]);
  });

  it('by a rule that hands over, to whom the rule names', () => {
    const held: AiAnswer & { escalation: Escalation } = {
      action: 'handoff',
      reason: 'the escalation rule “VIP” holds',
      aiSessionId: null,
      escalation: rule('handoff'),
    };
    expect(whatToPost(held, fromCustomer(), settings())).toMatchObject({
      outcome: 'handed-off',
      escalation: { assignTo: 'A-9', reason: 'rule-property' },
    });
  });

  it('by what an earlier version has read: by nothing', () => {
    const { sureness: _, ...earlier } = settings();
    expect(whatToPost(guess, fromCustomer(), earlier)).toMatchObject({ outcome: 'replied' });
  });
});
