import pc from 'picocolors';

/** What the demo says to the person at the terminal; coloured where the terminal can. */
export interface Terminal {
  title(text: string): void;
  /** A step that takes time. */
  progress(text: string): void;
  scene(text: string): void;
  quote(who: string, words: string): void;
  fact(name: string, value: string): void;
  link(url: string): void;
  line(text: string): void;
}

const NAME_WIDTH = 12;

export const createTerminal = (write: (text: string) => void): Terminal => {
  const line = (text: string): void => write(`${text}\n`);
  return {
    line,
    title: (text) => line(`\n${pc.bold(text)}\n`),
    progress: (text) => line(pc.dim(`  ${text}`)),
    scene: (text) => line(`\n${pc.bold(text)}`),
    quote: (who, words) => {
      const [first = '', ...rest] = words.split('\n');
      line(`  ${pc.cyan(who.padEnd(NAME_WIDTH))}${first}`);
      for (const next of rest) line(`  ${' '.repeat(NAME_WIDTH)}${next}`);
    },
    fact: (name, value) => line(`  ${pc.dim(name.padEnd(NAME_WIDTH))}${value}`),
    link: (url) => line(`  ${' '.repeat(NAME_WIDTH)}${pc.underline(url)}`),
  };
};
