/** The number that was deleted of each. */
export interface Erased {
  sessions: number;
  /** Synchronised ticket properties. */
  properties: number;
  turns: number;
  /** These were shadow drafts, deleted with what agents wrote. */
  drafts: number;
}

export interface ForgetResult extends Erased {
  outcome: 'forgotten';
  threads: number;
  /** Histories in Temporal. */
  runs: number;
  /** The reason why histories are left, where they are. */
  reason?: string;
}
