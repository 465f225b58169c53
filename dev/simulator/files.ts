import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { components } from '../../src/hubspot/openapi.ts';

type FileAttachment = components['schemas']['FileAttachment'];

/** A file that someone attaches. */
export interface AttachedFile {
  name: string;
  bytes: Uint8Array;
  /** What HubSpot takes it for, by its name; `OTHER` by default. */
  usage?: FileAttachment['fileUsageType'];
}

/** The files of a portal, each behind a URL that carries its own right to be read, as HubSpot's do. */
export interface Files {
  add(file: AttachedFile, baseUrl: string): FileAttachment;
  serve: RequestHandler;
}

export const createFiles = (): Files => {
  const files = new Map<string, { bytes: Uint8Array; signature: string }>();
  const serve = Router();
  serve.get('/files/:fileId', (request, response) => {
    const file = files.get(request.params.fileId);
    const given = Buffer.from(String(request.query.signature));
    const wanted = Buffer.from(file?.signature ?? '');
    if (!file || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      response.status(403).end();
      return;
    }
    response.type('application/octet-stream').send(Buffer.from(file.bytes));
  });
  return {
    add({ name, bytes, usage = 'OTHER' }, baseUrl) {
      const fileId = String(files.size + 1);
      const signature = randomBytes(16).toString('hex');
      files.set(fileId, { bytes, signature });
      const url = `${baseUrl}/files/${fileId}?signature=${signature}`;
      return { type: 'FILE', fileId, fileUsageType: usage, name, url };
    },
    serve,
  };
};
