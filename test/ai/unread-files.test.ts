import { describe, expect, it } from '@jest/globals';
import { handoffOfFiles, isOnlyFiles, kindsOf } from '../../src/ai/unread-files.ts';
import type { MessageId } from '../../src/hubspot/ids.ts';

const file = (name: string | null, type = 'OTHER') => ({ name, type, messageId: 'm-1' as MessageId });

describe('files that the AI has not read', () => {
  it('are named by kind, once each, and never by name, which may say who the customer is', () => {
    const files = [file('Kim Example.PDF'), file('b.pdf'), file('Kim.Jones'), file(null, 'VOICE_RECORDING')];
    expect(kindsOf(files)).toEqual(['pdf', 'other', 'voice recording']);
    expect(handoffOfFiles({ attachments: files.slice(0, 1) })).toBe(
      "the customer sent a file (pdf) that the AI can't read",
    );
    expect(handoffOfFiles({ attachments: files })).toBe(
      "the customer sent 4 files (pdf, other, voice recording) that the AI can't read",
    );
  });

  it('are all that there is where nothing is written beside them', () => {
    const attachments = [file('a.png')];
    expect(isOnlyFiles({ questions: ['', ' \n'], attachments })).toBe(true);
    expect(isOnlyFiles({ questions: ['', 'See this'], attachments })).toBe(false);
    expect(isOnlyFiles({ questions: [''], attachments: [] })).toBe(false);
  });
});
