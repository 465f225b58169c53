import { describe, expect, it } from '@jest/globals';
import { type OpenApi, openApiDifferences } from '../../scripts/openapi-differences.ts';

const theirs = {
  paths: {
    '/threads/{id}': {
      get: {
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } },
          { name: 'archived', in: 'query', schema: { type: 'boolean' } },
        ],
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } } } },
      },
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Egg' } } },
        },
        responses: { 204: {} },
      },
    },
  },
  components: {
    schemas: {
      Item: { oneOf: [{ $ref: '#/components/schemas/Message' }, { $ref: '#/components/schemas/Comment' }] },
      Message: {
        type: 'object',
        required: ['type', 'text'],
        properties: {
          type: { type: 'string', enum: ['MESSAGE'] },
          text: { type: 'string' },
          direction: { type: 'string', enum: ['INCOMING', 'OUTGOING'] },
        },
      },
      Comment: {
        type: 'object',
        required: ['type'],
        properties: { type: { type: 'string', enum: ['COMMENT'] }, text: { type: 'string' } },
      },
      Egg: {
        type: 'object',
        required: ['text', 'sender'],
        properties: { text: { type: 'string' }, sender: { type: 'string' }, subject: { type: 'string' } },
      },
    },
  },
} satisfies OpenApi;

/** The same description, with one thing changed. */
const ours = (change: (copy: typeof theirs) => void): OpenApi => {
  const copy = structuredClone(theirs);
  change(copy);
  return copy;
};

const differences = (change: (copy: typeof theirs) => void) => openApiDifferences(ours(change), [theirs]);

describe('comparing our OpenAPI description with its owner’s', () => {
  it('finds nothing in a faithful description', () => {
    expect(differences(() => {})).toEqual([]);
  });

  it('takes an int64 that travels as digits for the same', () => {
    expect(
      differences((copy) => {
        Object.assign(copy.paths['/threads/{id}'].get.parameters[0] ?? {}, {
          schema: { type: 'string', pattern: '^\\d+$' },
        });
      }),
    ).toEqual([]);
  });

  it('lets ours leave out parameters, fields of answers and optional fields of requests', () => {
    expect(
      differences((copy) => {
        copy.paths['/threads/{id}'].get.parameters.pop();
        Reflect.deleteProperty(copy.components.schemas.Message.properties, 'direction');
        Reflect.deleteProperty(copy.components.schemas.Egg.properties, 'subject');
      }),
    ).toEqual([]);
  });

  it('sees through allOf', () => {
    expect(
      differences((copy) => {
        const { Message } = copy.components.schemas;
        Object.assign(copy.components.schemas, { Message: { allOf: [Message] } });
      }),
    ).toEqual([]);
  });

  it.each<[string, (copy: typeof theirs) => void, string]>([
    ['a path', (copy) => Object.assign(copy.paths, { '/x': {} }), '/x: no such path there'],
    [
      'a method',
      (copy) => Object.assign(copy.paths['/threads/{id}'], { put: { responses: {} } }),
      'PUT /threads/{id}: no such method there',
    ],
    [
      'a parameter',
      (copy) =>
        copy.paths['/threads/{id}'].get.parameters.push({ name: 'x', in: 'query', schema: { type: 'boolean' } }),
      'GET /threads/{id} query x: no such parameter there',
    ],
    [
      'a field',
      (copy) => Object.assign(copy.components.schemas.Message.properties, { mood: { type: 'string' } }),
      'Message.mood: no such field there',
    ],
    [
      'a type',
      (copy) => Object.assign(copy.components.schemas.Comment.properties, { text: { type: 'integer' } }),
      'Comment.text: integer here, string there',
    ],
    [
      'an enum',
      (copy) => copy.components.schemas.Message.properties.direction.enum.pop(),
      'Message.direction: enum [INCOMING] here, [INCOMING,OUTGOING] there',
    ],
    [
      'a field that is required only here',
      (copy) => copy.components.schemas.Comment.required.push('text'),
      'Comment.text: required here, optional there',
    ],
    [
      'a required field that a request leaves out',
      (copy) => {
        copy.components.schemas.Egg.required.pop();
        Reflect.deleteProperty(copy.components.schemas.Egg.properties, 'sender');
      },
      'Egg.sender: required there, missing here',
    ],
    [
      'a kind of answer that ours doesn’t know',
      (copy) => copy.components.schemas.Item.oneOf.pop(),
      'Item: kind COMMENT is missing here',
    ],
    [
      'a status',
      (copy) => Object.assign(copy.paths['/threads/{id}'].post.responses, { 202: {} }),
      'POST /threads/{id}: no response 202 there',
    ],
  ])('names %s', (_, change, line) => {
    expect(differences(change)).toEqual([line]);
  });
});
