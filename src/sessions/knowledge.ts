/** How a source of articles is: what was read of it, when, and what failed. */
export interface SourceState {
  source: string;
  /** Of what is served: the hash of its articles. `null`: it was never read. */
  version: string | null;
  /** So many articles are served. */
  articles: number;
  /** So many pages or files were left out when it was read last. */
  leftOut: number;
  /** One of them, and why; `null` where there is none. */
  leftOutExample: string | null;
  /** When what is served was found to be so; `null`: never. */
  readAt: Date | null;
  /** When it was tried last. */
  triedAt: Date;
  /** Why the last try failed; `null`: it did not. */
  problem: string | null;
  /** What it was read by: a hash of its settings; `null`: it was never read. */
  settings: string | null;
}

/** What was read of a source, whole. */
export interface SourceVersion {
  source: string;
  settings: string;
  /** The articles in their order, as {@link KnowledgeStore.keep} gave their hashes. */
  hashes: string[];
  leftOut: number;
  leftOutExample: string | null;
}

/** Articles of sources, by their content. What an article is, its reader knows: here it is text. */
export interface KnowledgeStore {
  /**
   * Keeps contents, each once however often it comes; gives their hashes. What no version uses is deleted a day later.
   */
  keep(contents: readonly string[]): Promise<string[]>;
  /**
   * Makes these articles a source's version, at once and whole: who reads at the same time reads the one before, or
   * this one. Gives whether it is another one than before.
   */
  switchTo(version: SourceVersion): Promise<{ changed: boolean }>;
  /** Notes why a source could not be read. What is served of it stays. */
  noteProblem(source: string, problem: string): Promise<void>;
  /** The articles that are served of these sources, in their order, and the versions that they are of. */
  served(
    sources: readonly string[],
  ): Promise<{ versions: Map<string, string>; contents: { source: string; content: string }[] }>;
  /** The versions alone. */
  versions(sources: readonly string[]): Promise<Map<string, string>>;
  /** How these sources are that were tried once; `null`: all that the database knows. */
  states(sources: readonly string[] | null): Promise<SourceState[]>;
}
