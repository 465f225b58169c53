import { describe, expect, it } from '@jest/globals';
import { contentOf } from '../../src/ai/file-content.ts';
import { PICTURES } from '../support/pictures.ts';

const text = (words: string) => contentOf(Buffer.from(words));

describe('what a file is', () => {
  it.each(Object.entries(PICTURES))('is told by its bytes: %s', (mediaType, bytes) => {
    expect(contentOf(bytes)).toEqual({ kind: 'images', bytes, mediaType });
  });

  it('is text where it is UTF-8, whatever it is called', () => {
    expect(text('Grüße, 你好\n\tline')).toEqual({ kind: 'text', text: 'Grüße, 你好\n\tline' });
    expect(text('\ufeffwith a mark')).toEqual({ kind: 'text', text: 'with a mark' });
    expect(text('<svg onload="x"/>')).toMatchObject({ kind: 'text' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['blanks', Buffer.from(' \n')],
    ['a NUL', Buffer.from('a\0b')],
    ['controls', Buffer.from('a\x01b')],
    ['another encoding', Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65])],
    ['UTF-16', Buffer.from('\ufeffhello', 'utf16le')],
    ['a PDF, even if all its bytes are letters', Buffer.from('%PDF-1.4\n1 0 obj')],
    ['RTF', Buffer.from('{\\rtf1 hello}')],
    ['a program', Buffer.from('7f454c46020101', 'hex')],
    ['an archive', Buffer.from('504b0304140000', 'hex')],
    ['another RIFF than WebP', Buffer.from('RIFF\0\0\0\0WAVEfmt ')],
    ['the beginning of a picture', Buffer.from([0x89, 0x50, 0x4e])],
  ])('is nothing to read where it is %s', (_what, bytes) => {
    expect(contentOf(bytes)).toBeNull();
  });
});
