import pg from 'pg';

/** A text that was found where it must not be, or that shows that one looks in the right place. */
export interface Found {
  table: string;
  text: string;
}

/** As it may stand in a column: bytes, or what PostgreSQL's client made of text, JSON and numbers. */
const bytesOf = (value: unknown): Buffer =>
  Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));

/** A text in every spelling that would still be readable: itself, and its base64 at each of the three offsets. */
const spellings = (text: string): Buffer[] => {
  const shifted = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64');
    // The first and last characters hold bits of the neighbours.
    return Buffer.from(encoded.slice(offset === 0 ? 0 : offset + 1, -4));
  });
  return [Buffer.from(text), ...shifted];
};

/** Looks through every row of every table of a database for texts. */
export const findTexts = async (
  databaseUrl: string,
  texts: readonly string[],
): Promise<{ found: Found[]; rows: number }> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from " +
        "information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
    );
    const needles = texts.map((text) => ({ text, bytes: spellings(text) }));
    const found: Found[] = [];
    let rows = 0;
    for (const { name } of tables) {
      const result = await client.query({ text: `select * from ${name}`, rowMode: 'array' });
      rows += result.rows.length;
      const bytes = Buffer.concat(result.rows.flat().map(bytesOf));
      for (const { text, bytes: known } of needles) {
        if (known.some((needle) => bytes.includes(needle))) found.push({ table: name, text });
      }
    }
    return { found, rows };
  } finally {
    await client.end();
  }
};
