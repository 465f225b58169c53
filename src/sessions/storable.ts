/** PostgreSQL's text can't hold NUL. Refusing the value would make Temporal try it again for ever. */
export const storable = (text: string): string => text.replaceAll('\0', '');
