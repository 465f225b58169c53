const WIDTH = 120;

/** The words in lines of at most 120 columns, each with `prefix` before it. A longer word keeps a line of its own. */
export const wrapped = (text: string, prefix = ''): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? `${prefix}${word}` : `${line} ${word}`;
    if (line !== '' && longer.length > WIDTH) {
      lines.push(line);
      line = `${prefix}${word}`;
    } else line = longer;
  }
  return [...lines, line];
};
