/** The AI knows this of why a thread goes to agents. No customer's words. */
export interface HandoffReason {
  reason: string;
  /** A BCP 47 tag, such as `de`. */
  language?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
}
