/** The thread in which documents are read: see `openDocumentReader`. */
import { parentPort } from 'node:worker_threads';
import type { DocumentReply, DocumentRequest, ReadDocument } from './documents.ts';

// The code of a kind is loaded with the first document of it.
const read = async ({ kind, bytes, url, contentType }: DocumentRequest): Promise<ReadDocument> => {
  switch (kind) {
    case 'html': {
      const { decodeHtml, readHtml } = await import('./html.ts');
      return readHtml(decodeHtml(bytes, contentType), url);
    }
    case 'pdf': {
      const { readPdf } = await import('./pdf.ts');
      return await readPdf(bytes);
    }
    case 'docx': {
      const { readDocx } = await import('./docx.ts');
      return readDocx(bytes);
    }
  }
};

const answer = async (request: DocumentRequest): Promise<DocumentReply> => {
  try {
    return { document: await read(request) };
  } catch (error) {
    return { problem: (error as Error).message.split('\n')[0] ?? 'it can not be read' };
  }
};

parentPort?.on('message', async (request: DocumentRequest) => parentPort?.postMessage(await answer(request)));
