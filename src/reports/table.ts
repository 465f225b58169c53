/** A column of a {@link table}: its heading, and where its cells stand. Numbers stand to the right. */
export interface Column {
  heading: string;
  align?: 'left' | 'right';
}

/** Rows of text under their headings, for a terminal. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ heading }, at) => Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align = 'right' }, at) => {
        const [cell = '', width = 0] = [cells[at], widths[at]];
        return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [columns.map(({ heading }) => heading), ...rows].map(line).join('\n');
};
