import type { ReadFile, ReplyRequest } from './backend.ts';

/** Endings that say what a file is. Any other may be a part of someone's name. */
const ENDINGS = new Set(
  (
    'pdf doc docx xls xlsx ppt pptx odt ods rtf pages numbers txt md csv tsv json xml html log eml msg ' +
    'ics vcf zip rar 7z gz png jpg jpeg gif webp heic heif svg bmp tif tiff mp3 m4a wav ogg opus mp4 mov ' +
    'avi mkv webm'
  ).split(' '),
);

const kindOf = ({ name, type }: { name: string | null; type: string }): string => {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  return ENDINGS.has(ending) ? ending : type.toLowerCase().replaceAll('_', ' ');
};

/** Gives what kinds of files these are, each once. Never a name: it may say who the customer is. */
export const kindsOf = (files: readonly { name: string | null; type: string }[]): string[] => [
  ...new Set(files.map(kindOf)),
];

/** Makes the entries of files that nobody tries to read. */
export const unread = ({ attachments }: Pick<ReplyRequest, 'attachments'>, whyNot: string): ReadFile[] =>
  attachments.map(({ name, type }) => ({ name, type, whyNot }));

/** Says whether there is nothing in it but attachments. */
export const isOnlyFiles = ({ questions, attachments }: Pick<ReplyRequest, 'questions' | 'attachments'>): boolean =>
  attachments.length > 0 && questions.every((question) => question.trim() === '');

/** Says why agents have to look at a message themselves that is nothing but attachments which the AI can't read. */
export const handoffOfFiles = ({ attachments }: Pick<ReplyRequest, 'attachments'>): string => {
  const kinds = kindsOf(attachments).join(', ');
  return (
    `the customer sent ${attachments.length === 1 ? 'a file' : `${attachments.length} files`} (${kinds}) that ` +
    "the AI can't read"
  );
};
