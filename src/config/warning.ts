/** A setting that works, but not as it should: logged at the start, and shown by doctor. */
export interface Warning {
  /** The variable's name, as it is set. */
  setting: string;
  /** One line: what is wrong, and what to write instead. Without the value. */
  message: string;
}
